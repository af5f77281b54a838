"""Which bytes of an artifact there are.

May use `trust` and the rooms below it.
"""
