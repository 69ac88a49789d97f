"""From examples to a corpus: joined with labels, without near-duplicates, balanced over registers, split."""
