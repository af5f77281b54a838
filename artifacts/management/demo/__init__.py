"""A registry to look around in: made-up artifacts, and a source on loopback that has them."""
