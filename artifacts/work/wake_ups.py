"""Waking a worker for a due task. A wake-up may come late, twice or never.

The row decides what is done, and workers that read the rows find it without a wake-up, too.
"""

from __future__ import annotations

import logging
import threading
import time
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from artifacts import functions
from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_REST_S, WAKE_UPS_MAX, WAKE_UPS_WINDOW_S

logger = logging.getLogger(__name__)


def wake(task_id: UUID) -> None:
    """Make sure that a due task gets done, in the way that `REGISTRY_TASKS` names.

    `immediate` runs it now, in this process. A worker process reads the table by itself. On Lambda
    the function is invoked again; if that fails, the event of every minute finds the task.
    """
    if settings.REGISTRY_TASKS == "immediate":
        # The door that runs tasks is in a layer above, so the settings name it.
        import_string(settings.TASK_RUNNER)("immediate", task_id)
    elif settings.REGISTRY_TASKS == "lambda" and _wake_ups.may_send():
        try:
            functions.send_event({"registry_task": str(task_id)})
        except FunctionUnavailable as error:
            _wake_ups.rest()
            logger.warning(
                "task.wake_failed", extra={"task": str(task_id), "reason": error.message}
            )


class _WakeUps:
    """Limits the wake-ups that this process sends: not one for each of a thousand tasks."""

    def __init__(self) -> None:
        """Begin with none sent."""
        self._lock = threading.Lock()
        self._window_ends_at = 0.0
        self._sent = 0

    def may_send(self) -> bool:
        """Return whether one more may be sent; if so, count it as sent."""
        with self._lock:
            now = time.monotonic()
            if now >= self._window_ends_at:
                self._window_ends_at, self._sent = now + WAKE_UPS_WINDOW_S, 0
            self._sent += 1
            return self._sent <= WAKE_UPS_MAX

    def rest(self) -> None:
        """Send none for a while, since Lambda does not answer and every request would wait."""
        with self._lock:
            self._window_ends_at = time.monotonic() + WAKE_UP_REST_S
            self._sent = WAKE_UPS_MAX


_wake_ups = _WakeUps()
