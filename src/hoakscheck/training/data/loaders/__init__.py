"""One loader per raw source: from the file as published to examples. Grouped by what the texts are."""
