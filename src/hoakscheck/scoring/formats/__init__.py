"""File formats: which one a name means, how records are cut off a stream, read, and written."""
