"""The data of a training run: raw sources, labels, authored texts, without near-duplicates."""
