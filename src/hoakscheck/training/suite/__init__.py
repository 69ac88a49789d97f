"""The suite: every question that a platform, an election body or a scientist would ask of a model, on what it has not seen."""
