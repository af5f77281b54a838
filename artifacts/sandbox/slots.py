"""Limits how many programs of models this process runs at once, since each takes memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from artifacts.exceptions import MonitorsBusy
from artifacts.limits import (
    MONITOR_BUSY_RETRY_AFTER_S,
    MONITOR_SLOTS,
    MONITOR_WAIT_MAX_S,
    MONITOR_WAITING_MAX,
)

_slots = threading.BoundedSemaphore(MONITOR_SLOTS)
# Waiting holds a thread of the server, so the number of those who wait is bounded, too.
_places = threading.BoundedSemaphore(MONITOR_SLOTS + MONITOR_WAITING_MAX)

# Dry-runs, which one uploader can send without end, leave the other slots to downloads.
_trials = threading.BoundedSemaphore(1)


@contextmanager
def monitor_slot() -> Iterator[None]:
    """Hold one of the slots.

    Raises:
        MonitorsBusy: none became free in time, or too many wait already.
    """
    if not _places.acquire(blocking=False):
        raise MonitorsBusy(MONITOR_BUSY_RETRY_AFTER_S)
    try:
        if not _slots.acquire(timeout=MONITOR_WAIT_MAX_S):
            raise MonitorsBusy(MONITOR_BUSY_RETRY_AFTER_S)
        try:
            yield
        finally:
            _slots.release()
    finally:
        _places.release()


@contextmanager
def trial_slot() -> Iterator[None]:
    """Hold a slot for a dry-run, of which there is one at a time.

    Raises:
        MonitorsBusy: another one runs, or see `monitor_slot`.
    """
    if not _trials.acquire(blocking=False):
        raise MonitorsBusy(MONITOR_BUSY_RETRY_AFTER_S)
    try:
        with monitor_slot():
            yield
    finally:
        _trials.release()
