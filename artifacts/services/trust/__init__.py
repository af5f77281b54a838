"""What speaks for an artifact: facts and evidence, ratings, demonstrations, license checks.

May use `records` and the rooms below it.
"""
