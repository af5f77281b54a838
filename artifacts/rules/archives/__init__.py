"""Rules about zip archives from strangers, and about the files in them."""
