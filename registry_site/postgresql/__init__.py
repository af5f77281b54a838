"""Django's PostgreSQL backend, with an end to waiting. Named as ENGINE by `settings/databases.py`.

The server's own time limits end statements that take too long. They are of no use when the server
itself is stopped or its answers are lost on their way: then libpq waits for ever, and keep-alive
packets do not help, because the kernel of a stopped server goes on answering them.
"""
