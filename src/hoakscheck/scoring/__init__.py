"""Files in, files out: many texts scored in a stream."""
