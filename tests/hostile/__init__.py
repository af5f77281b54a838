"""A campaign against a whole registry: hostile files, sources, headers and bodies, by the seed."""
