"""Django's PostgreSQL backend with a limit on waiting. `settings/databases.py` names it as ENGINE.

The server's own time limits end statements that take too long. They do not help if the server
itself is stopped or its answers are lost: then libpq waits forever. Keep-alive packets do not help
either, because the kernel of a stopped server still answers them.
"""
