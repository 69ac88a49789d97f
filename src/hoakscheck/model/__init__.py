"""The feature space, the decision, and the artifact on disk."""
