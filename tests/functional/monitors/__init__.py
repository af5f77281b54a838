"""Programs of sensitive models through every door; `tests/monitors` runs real ones."""
