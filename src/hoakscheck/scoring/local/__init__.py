"""Files scored on one machine: streamed, shared out, kept up with a journal, whole or not at all."""
