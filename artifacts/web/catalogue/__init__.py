"""Pages that list artifacts."""
