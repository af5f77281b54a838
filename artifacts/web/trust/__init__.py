"""Pages about licenses."""
