"""One file per resource; each view parses, calls one function, and answers."""
