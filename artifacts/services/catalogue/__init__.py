"""Which artifacts there are: registering, replacing and deleting them, and writing revisions.

May use `content` and every room below it; only `upkeep` may use it.
"""
