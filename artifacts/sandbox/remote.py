"""What the function for programs of models is told, and what it answers.

`function/handler.mjs` reads the one and writes the other; `artifacts/functions.py` carries both.
"""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
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
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.watching import ProgramRun

_MS = 1_000
_STATUS_MAX = 255
_UNREADABLE = ProgramRun(None, "The function for programs answered in another form than ours.")


def describe_task(task: MonitorTask, *, zip_url: str, zip_size_bytes: int) -> bytes:
    """Return the event for a task.

    Args:
        zip_url: a signed link to the zip; "" for an empty one.
    """
    event = {
        **asdict(task),
        "zip_url": zip_url,
        "zip_size_bytes": zip_size_bytes,
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
    except (Unreadable, TypeError, KeyError):
        return _UNREADABLE
    flags_fit = all(isinstance(each, bool) for each in (started, timed_out, too_long))
    if not (flags_fit and isinstance(output, str) and isinstance(ended_by, str)):
        return _UNREADABLE
    output = output[-PROGRAM_OUTPUT_BYTES:].strip()
    if not started:
        return ProgramRun(None, f"The function's wall could not be set up: {output or ended_by}.")
    if ended_by:
        number = getattr(signal, ended_by, None)
        if not isinstance(number, signal.Signals):
            return _UNREADABLE
        return ProgramRun(-number, output, timed_out, too_long)
    # A bool is an int to Python, and False would be the 0 that allows.
    if isinstance(status, bool) or not isinstance(status, int) or not 0 <= status <= _STATUS_MAX:
        return _UNREADABLE
    return ProgramRun(status, output, timed_out, too_long)
