"""The civic side of a post: what is known beside its text, and what follows from it by written, dated rules."""
