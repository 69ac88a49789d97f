"""From a fitted pipeline to what is released: tables, a record of the training, a card."""
