"""From many texts to numbers of tokens, in arrays: chunks, what is known of each, and the steps across them."""
