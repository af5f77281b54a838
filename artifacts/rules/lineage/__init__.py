"""What a model was made from: read from its metadata (`parents`)."""
