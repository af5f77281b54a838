"""Django's SQLite backend, with an end to waiting. Named as ENGINE by `settings/databases.py`.

SQLite's own time limit counts for each statement, and each that waits holds a thread of the server.
A file that somebody else keeps locked must cost a request a few seconds, and readers nothing.
"""
