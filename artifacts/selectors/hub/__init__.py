"""What the Hub's clients ask for: repositories, their revisions and files.

May use every room but `upkeep`.
"""
