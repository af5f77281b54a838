"""Rules about search expressions: regular expressions and version ranges."""
