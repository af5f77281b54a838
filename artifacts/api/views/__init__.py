"""One file per subject, as in services; each action parses, calls one function, and answers.

`api/routes.py` says which path and method each action answers.
"""
