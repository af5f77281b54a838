"""Registering what lies on somebody's own disk."""
