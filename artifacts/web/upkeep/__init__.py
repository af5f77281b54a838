"""How the registry is, for people."""
