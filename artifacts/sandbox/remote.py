"""What the function for programs of models is told, and what it answers.

`function/handler.mjs` reads the one and writes the other; `artifacts/functions.py` carries both.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from artifacts.exceptions import Unreadable
from artifacts.limits import (
    MONITOR_FETCH_TIMEOUT_S,
    MONITOR_HEAP_MB,
    MONITOR_PRINTED_MAX_BYTES,
    MONITOR_TIMEOUT_S,
    PROGRAM_OUTPUT_BYTES,
)
from artifacts.rules.documents import read_json
from artifacts.sandbox.courier import describe_asking, read_requests
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.watching import ProgramRun

_MS = 1_000
_STATUS_MAX = 255
_UNREADABLE = ProgramRun(None, "The function for programs answered in another form than ours.")


def describe_task(
    task: MonitorTask, *, zip_url: str, zip_size_bytes: int, hosts: Sequence[str] = ()
) -> bytes:
    """Return the event for a task.

    Args:
        zip_url: a signed link to the zip; "" for an empty one.
        hosts: `host:port` of each that may be asked for the program; without any, it has no wire.
    """
    event = {
        **asdict(task),
        "zip_url": zip_url,
        "zip_size_bytes": zip_size_bytes,
        "asking": describe_asking(hosts),
        "limits": {
            "fetch_ms": int(MONITOR_FETCH_TIMEOUT_S * _MS),
            "time_ms": int(MONITOR_TIMEOUT_S * _MS),
            "heap_mb": MONITOR_HEAP_MB,
            "printed_bytes": MONITOR_PRINTED_MAX_BYTES,
            "kept_bytes": PROGRAM_OUTPUT_BYTES,
        },
    }
    return json.dumps(event).encode()


def read_answer(answer: bytes) -> ProgramRun:
    """Return how a program ended, as the function tells it.

    Returns:
        A run whose exit status is None if the function tells anything but an end that is whole: it
        is never taken for one that allows a download.
    """
    try:
        told: dict[str, Any] = read_json(answer, "The answer")
        started, status, ended_by = told["is_started"], told["exit_status"], told["signal"]
        output, timed_out, too_long = told["output"], told["is_timed_out"], told["is_too_long"]
        requests = told["requests"]
    except (Unreadable, TypeError, KeyError):
        return _UNREADABLE
    flags_fit = all(isinstance(each, bool) for each in (started, timed_out, too_long))
    texts_fit = isinstance(output, str) and isinstance(ended_by, str)
    made = None if requests is None else read_requests(requests)
    if (requests is not None and made is None) or not (flags_fit and texts_fit):
        return _UNREADABLE
    output = output[-PROGRAM_OUTPUT_BYTES:].strip()
    if not started:
        return ProgramRun(None, f"The function's wall could not be set up: {output or ended_by}.")
    run = ProgramRun(None, output, timed_out, too_long, made)
    if ended_by:
        number = getattr(signal, ended_by, None)
        if not isinstance(number, signal.Signals):
            return _UNREADABLE
        return replace(run, exit_status=-number)
    # A bool is an int to Python, and False would be the 0 that allows.
    if isinstance(status, bool) or not isinstance(status, int) or not 0 <= status <= _STATUS_MAX:
        return _UNREADABLE
    return replace(run, exit_status=status)
