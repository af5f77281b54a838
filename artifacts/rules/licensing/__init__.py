"""What licenses are called (`names`, `texts`), what they ask (`terms`), which fit together."""
