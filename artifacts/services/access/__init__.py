"""Who may do what, and who did it: users, passwords, tokens, signing in, and the audit trail.

The lowest room of the services: it may use none of the others.
"""
