"""How rows are written: transactions, locks, what the database's errors mean, and the modes.

Knows the models and nothing above them; every room that writes stands on it.
"""
