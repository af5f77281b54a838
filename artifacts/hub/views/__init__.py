"""One file per subject; each action parses, calls selectors or a service, and answers.

`artifacts/routes/hub.py` says which path and method each action answers.
"""
