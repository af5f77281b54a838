"""`python activate.py FD COMMAND ...`: becomes a command that is handed a socket, as systemd does.

Source: sd_listen_fds(3): the first socket is descriptor 3; LISTEN_PID is who it is meant for.
"""

import os
import sys

_FIRST = 3

if __name__ == "__main__":
    descriptor, command = int(sys.argv[1]), sys.argv[2:]
    os.dup2(descriptor, _FIRST)
    if descriptor != _FIRST:
        os.close(descriptor)
    told = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
    os.execve(command[0], command, os.environ | told)  # noqa: S606  (our own words)
