"""Door: the staff site."""
