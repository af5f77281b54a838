"""Licenses: their names (`names`, `texts`), terms (`terms`) and compatibility."""
