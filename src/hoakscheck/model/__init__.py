"""From tokens to probabilities: the feature space, the compiled scorer, the decision, the artifact on disk."""
