"""Reading what a running program prints, and ending it when it has had enough."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass

from artifacts.limits import PROGRAM_OUTPUT_BYTES

_READ_BYTES = 65_536
# A wrapper prints it once the isolation works; without it, the program was never started.
_STARTED = b"\x00started\x00"


@dataclass(frozen=True)
class ProgramRequest:
    """A request that was made for a program, by what stands outside of its walls.

    Attributes:
        host: with its port, as the operator allows it.
        status: None if no answer came.
        sent_bytes: of its body.
        received_bytes: of the answer's body, as far as it was read.
    """

    host: str
    method: str
    status: int | None
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True)
class ProgramRun:
    """How a program ended.

    Attributes:
        exit_status: 0 for success; negative for the signal that ended it; None if it did not run.
        output: the end of what it printed, including errors.
        is_timed_out: True if it was killed because its time was over.
        is_too_long: True if it was killed because it printed more than it may.
        requests: what was asked of hosts for it, in this order; None if none may be asked.
    """

    exit_status: int | None
    output: str
    is_timed_out: bool = False
    is_too_long: bool = False
    requests: tuple[ProgramRequest, ...] | None = None


def watch(
    process: subprocess.Popen[bytes], *, timeout_s: float, printed_max_bytes: int | None = None
) -> ProgramRun:
    """Read what a program prints until it ends or is ended; keep the end of it.

    Args:
        process: the leader of a session, with a pipe for its output.
        printed_max_bytes: how much it may print before it is ended; None for any amount.

    Returns:
        A run whose exit status is None if its wrapper did not say that the isolation works.
    """
    ends_at = time.monotonic() + timeout_s
    output, printed_bytes = b"", 0
    is_started = is_timed_out = is_too_long = False
    pipe = process.stdout
    if pipe is None:
        raise AssertionError("unreachable: it was started with a pipe")
    with pipe, selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not (is_timed_out or is_too_long):
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                is_timed_out = True
            elif selector.select(left_s):
                chunk = os.read(pipe.fileno(), _READ_BYTES)
                if not chunk:
                    break
                output += chunk
                printed_bytes += len(chunk)
                is_too_long = printed_max_bytes is not None and printed_bytes > printed_max_bytes
                if not is_started and _STARTED in output:
                    is_started, output = True, output.partition(_STARTED)[2]
                output = output[-PROGRAM_OUTPUT_BYTES:]
        status = _end(process)
    text = output.decode("utf-8", "replace").strip()
    if not is_started:
        reason = "it took too long" if is_timed_out else text
        return ProgramRun(
            None, f"The sandbox could not be set up here: {reason or 'no reason given'}."
        )
    return ProgramRun(status, text, is_timed_out, is_too_long)


def _end(process: subprocess.Popen[bytes]) -> int:
    """Kill the whole session: unshare's child dies with it, and so does everything it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
