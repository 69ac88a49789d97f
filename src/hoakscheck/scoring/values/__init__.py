"""What scoring adds to rows, by column: as values, and as they stand in files of text."""
