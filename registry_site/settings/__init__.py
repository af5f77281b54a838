"""Settings by environment: base, development, testing, production."""
