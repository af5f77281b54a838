"""Pages that show several models beside each other."""
