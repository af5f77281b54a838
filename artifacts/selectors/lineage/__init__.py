"""The family of an artifact: what it was made from, and what was made from it.

May use `access` and what every room may use.
"""
