"""Finding artifacts: lists, search by name and text, what a download costs, all about one.

May use every room but `upkeep`.
"""
