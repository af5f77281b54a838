"""What a model was made from, according to its metadata (`parents`), and its family's picture."""
