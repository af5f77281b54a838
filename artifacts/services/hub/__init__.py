"""What the Hub's clients do: downloads of single files, with few entries in the audit trail.

May use every room but `upkeep`.
"""
