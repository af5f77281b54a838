"""The ways in which a name is made to be mistaken for another, one file for each."""
