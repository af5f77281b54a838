"""Probing a component, without waiting longer than a person would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

from artifacts.limits import HEALTH_PROBE_TIMEOUT_S

_running: dict[str, threading.Thread] = {}


def answer_ms(name: str, probe: Callable[[], object]) -> float:
    """Return how long a component took to answer, in milliseconds.

    Raises:
        TimeoutError: there was no answer within `HEALTH_PROBE_TIMEOUT_S`.
        Exception: whatever the probe raises.
    """
    return begin(name, probe)()


def begin(name: str, probe: Callable[[], object]) -> Callable[[], float]:
    """Start a probe, and return a function that waits for its answer as `answer_ms` does.

    The probe runs in a thread of its own, which is abandoned if it hangs: a server that accepts
    connections and never answers would hold the caller for minutes. While an earlier probe still
    hangs no other is started, so that frequent calls do not pile up threads.
    """
    asked = _Asked(name, probe)
    earlier = _running.get(name)
    if earlier is None or not earlier.is_alive():
        asked.start()
    return asked.answer_ms


class _Asked:
    """A component that is being probed."""

    def __init__(self, name: str, probe: Callable[[], object]) -> None:
        """Start counting the time."""
        self._name, self._probe = name, probe
        self._started_s = self._ended_s = time.monotonic()
        self._thread: threading.Thread | None = None
        self._failures: list[Exception] = []

    def start(self) -> threading.Thread:
        """Ask, on a thread of its own."""
        thread = threading.Thread(target=self._ask, name=f"probe-{self._name}", daemon=True)
        # Begun before anybody can find it: others wait for its end.
        thread.start()
        self._thread = _running[self._name] = thread
        return thread

    def answer_ms(self) -> float:
        """Wait for the answer."""
        thread = self._thread
        if thread is None:
            earlier = _running[self._name]
            earlier.join(self._left_s)
            if earlier.is_alive():
                raise TimeoutError(f"{self._name} still does not answer")
            thread = self.start()
        thread.join(self._left_s)
        if thread.is_alive():
            raise TimeoutError(f"{self._name} does not answer within {HEALTH_PROBE_TIMEOUT_S:g} s")
        if self._failures:
            raise self._failures[0]
        return round((self._ended_s - self._started_s) * 1000, 2)

    @property
    def _left_s(self) -> float:
        """Return the seconds left; waiting for an earlier probe counts as well."""
        return max(0.0, self._started_s + HEALTH_PROBE_TIMEOUT_S - time.monotonic())

    def _ask(self) -> None:
        """Run the probe."""
        try:
            self._probe()
        except Exception as error:  # noqa: BLE001  (raised again in the caller's thread)
            self._failures.append(error)
        finally:
            self._ended_s = time.monotonic()
            # Connections belong to their thread.
            connection.close()
