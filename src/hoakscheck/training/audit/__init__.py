"""What in labelled data gives a label away without being its reason: shortcuts, duplicates, doubtful labels."""
