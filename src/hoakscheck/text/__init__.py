"""From a string to clean tokens, each with its span in the original."""
