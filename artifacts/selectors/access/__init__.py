"""Users and the audit trail, a page at a time.

The lowest room of the selectors.
"""
