"""The process that asks hosts for a model's program, on servers of one's own.

The program has no network. Where the operator allows hosts, it holds one end of a wire (a pair of
sockets that leads nowhere else), and this process the other: Node.js with code of ours
(`function/courier.mjs`, which the function on AWS runs as well). It is not the registry's own
process, so that what a program writes is parsed where no secret is, and can be ended at any time.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artifacts.exceptions import Unreadable
from artifacts.limits import (
    MONITOR_ANSWER_MAX_BYTES,
    MONITOR_HEAP_MB,
    MONITOR_LINE_MAX_BYTES,
    MONITOR_MEMORY_BYTES,
    MONITOR_OPEN_FILES_MAX,
    MONITOR_REPORT_TIMEOUT_S,
    MONITOR_REQUEST_MAX_BYTES,
    MONITOR_REQUEST_TIMEOUT_S,
    MONITOR_REQUESTS_MAX,
)
from artifacts.rules.documents import read_json
from artifacts.sandbox.watching import ProgramRequest

# Where the tools are: `pivot_root` is among those for administrators.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_MESSENGER = Path(__file__).with_name("messenger.mjs")
# Certificates of an authority of the operator's own, as Node.js finds them.
_CERTIFICATES = "NODE_EXTRA_CA_CERTS"
_MS = 1_000
# By their kinds: a bool is an int to Python.
_FIELDS = {
    "host": (str,),
    "method": (str,),
    "status": (int, type(None)),
    "sent_bytes": (int,),
    "received_bytes": (int,),
}


class CourierFailed(Exception):
    """Nothing could ask for a program, or nothing told what was asked; the text says so."""


@dataclass(frozen=True)
class Courier:
    """A process that asks for one program.

    Attributes:
        wire: the program's end; whoever starts the program closes this copy of it.
    """

    wire: socket.socket
    process: subprocess.Popen[bytes]

    def finish(self) -> tuple[ProgramRequest, ...]:
        """Return what it asked, once the program has ended.

        Raises:
            CourierFailed: it does not tell. A program that could break it would hide what it asked.
        """
        try:
            told, _ = self.process.communicate(timeout=MONITOR_REPORT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            told = b""
        requests = None
        with contextlib.suppress(Unreadable):
            requests = read_requests(read_json(told, "The list of requests"))
        if requests is None:
            raise CourierFailed("What asks hosts for the program did not tell what it asked.")
        return requests


def describe_asking(hosts: Sequence[str]) -> dict[str, Any]:
    """Return what `courier.mjs` is told: the hosts, and how much may be asked of them."""
    return {
        "hosts": list(hosts),
        "limits": {
            "requests": MONITOR_REQUESTS_MAX,
            "request_ms": int(MONITOR_REQUEST_TIMEOUT_S * _MS),
            "line_bytes": MONITOR_LINE_MAX_BYTES,
            "body_bytes": MONITOR_REQUEST_MAX_BYTES,
            "answer_bytes": MONITOR_ANSWER_MAX_BYTES,
        },
    }


def read_requests(told: object) -> tuple[ProgramRequest, ...] | None:
    """Return the list of requests that `courier.mjs` tells; None if it is no such list."""
    if not isinstance(told, list) or len(told) > MONITOR_REQUESTS_MAX:
        return None
    if not all(isinstance(each, dict) and _is_request(each) for each in told):
        return None
    return tuple(ProgramRequest(**each) for each in told)


def _is_request(told: dict[str, Any]) -> bool:
    """Whether each field is there, of its kind, and no other."""
    return told.keys() == _FIELDS.keys() and all(
        type(told[name]) in kinds for name, kinds in _FIELDS.items()
    )


@contextmanager
def start_courier(node: str, hosts: Sequence[str]) -> Iterator[Courier]:
    """Have a process ask hosts for one program; it is ended in any case.

    Args:
        node: the path of Node.js.
        hosts: `host:port` of each that may be asked.

    Raises:
        CourierFailed: it could not be started.
    """
    command = [
        "setpriv", "--pdeathsig", "KILL", "--no-new-privs", "--",
        "prlimit", f"--as={MONITOR_MEMORY_BYTES}", "--fsize=0",
        f"--nofile={MONITOR_OPEN_FILES_MAX}", "--core=0", "--",
        node, f"--max-old-space-size={MONITOR_HEAP_MB}", str(_MESSENGER),
        json.dumps(describe_asking(hosts)),
    ]  # fmt: skip
    stated = os.environ.get(_CERTIFICATES, "")
    ours, wire = socket.socketpair()
    with wire, ours:
        try:
            process = subprocess.Popen(  # noqa: S603  (a program of ours)
                command,
                cwd="/",
                # No credentials and no proxies of the registry's.
                env={"PATH": PATH, **({_CERTIFICATES: stated} if stated else {})},
                stdin=ours.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise CourierFailed(f"What asks hosts could not be started: {error}.") from error
        ours.close()
        with process:
            try:
                yield Courier(wire, process)
            finally:
                process.kill()
