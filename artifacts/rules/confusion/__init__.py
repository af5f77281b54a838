"""Names that are made to be mistaken for others: one file for each mechanism, and the search."""
