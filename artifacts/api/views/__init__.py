"""One file per subject, as in services; each action parses, calls one function, and answers.

`artifacts/routes` says which path and method each action answers.
"""
