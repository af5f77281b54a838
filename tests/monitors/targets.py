"""What hostile programs aim at: a port, a socket without a file, and a process."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.monitors.hostile import hostile_programs


@dataclass(frozen=True)
class Targets:
    """Programs by name, aimed at what is here; the bystander is who must not be killed."""

    programs: dict[str, str]
    bystander: subprocess.Popen[bytes]


@contextmanager
def targets(secret: str) -> Iterator[Targets]:
    """Have something listen and run, and aim the programs at it."""
    abstract = f"monitors-{uuid4()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.socket(socket.AF_UNIX) as unnamed,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander,
    ):
        unnamed.bind(f"\0{abstract}")
        unnamed.listen()
        programs = hostile_programs(
            secret=secret, port=listening.getsockname()[1], pid=bystander.pid, abstract=abstract
        )
        try:
            yield Targets(programs, bystander)
        finally:
            bystander.kill()
