"""Asking a component for a sign of life, without waiting for it longer than a person would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

from artifacts.limits import HEALTH_PROBE_TIMEOUT_S

_running: dict[str, threading.Thread] = {}


def answer_ms(name: str, probe: Callable[[], object]) -> float:
    """Return how long a component took to answer, in milliseconds.

    The probe runs on a thread of its own, which is left alone when it hangs: a server that takes
    connections and says nothing would hold the caller for minutes. One that still hangs from an
    earlier call is not joined by another, so that asking often costs no more threads.

    Raises:
        TimeoutError: there was no answer within `HEALTH_PROBE_TIMEOUT_S`.
        Exception: whatever the probe raises.
    """
    started = time.monotonic()
    deadline = started + HEALTH_PROBE_TIMEOUT_S
    earlier = _running.get(name)
    if earlier is not None and earlier.is_alive():
        earlier.join(HEALTH_PROBE_TIMEOUT_S)
        if earlier.is_alive():
            raise TimeoutError(f"{name} still does not answer")
    failures: list[Exception] = []

    def ask() -> None:
        try:
            probe()
        except Exception as error:  # noqa: BLE001  (raised again below, in the caller's thread)
            failures.append(error)
        finally:
            # Connections belong to their thread.
            connection.close()

    thread = _running[name] = threading.Thread(target=ask, name=f"probe-{name}", daemon=True)
    thread.start()
    # What waiting for the earlier one took is gone.
    thread.join(max(0.0, deadline - time.monotonic()))
    if thread.is_alive():
        raise TimeoutError(f"{name} does not answer within {HEALTH_PROBE_TIMEOUT_S:g} s")
    if failures:
        raise failures[0]
    return round((time.monotonic() - started) * 1000, 2)
