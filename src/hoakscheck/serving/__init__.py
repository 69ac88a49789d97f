"""From tokens to scores: rows looked up and added, for one text and for many at once."""
