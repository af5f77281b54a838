"""Django's SQLite backend with a limit on waiting. `settings/databases.py` names it as ENGINE.

SQLite's own time limit applies to each statement, and each that waits holds a thread of the server.
A file locked by another process may cost a writer a few seconds, and readers nothing.
"""
