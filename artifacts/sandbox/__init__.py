"""Programs that we run but do not trust. `programs` runs one, cut off from everything."""
