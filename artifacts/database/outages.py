"""Sharing with all instances that this one could not use the database or the bucket.

A single instance may lose them: it ran out of connections, or its network broke. Whichever instance
is asked for health then reports it. Failures wait in this process until the database accepts them,
together with the counts of requests (`services/upkeep/activity.py`).
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error
from django.utils import timezone

from artifacts.exceptions import DatabaseUnavailable, RegistryError, StorageUnavailable
from artifacts.limits import OUTAGE_KEPT_S
from artifacts.models import DATABASE, STORAGE, Outage

logger = logging.getLogger(__name__)

_KEYS: tuple[tuple[type[RegistryError], str], ...] = (
    (DatabaseUnavailable, DATABASE),
    (StorageUnavailable, STORAGE),
)


@dataclass
class _Met:
    """Failures of one component that this process has not written yet."""

    reason: str
    began_at: datetime
    failed_at: datetime


_lock = threading.Lock()
_met: dict[str, _Met] = {}


def note(error: Exception) -> None:
    """Keep an error if it means that the database or the bucket is unavailable."""
    key = next((key for kind, key in _KEYS if isinstance(error, kind)), None)
    if key is None:
        return
    now = timezone.now()
    with _lock:
        met = _met.setdefault(key, _Met("", now, now))
        met.reason, met.failed_at = str(error), now


def write() -> None:
    """Write the failures. Those that cannot be written now wait for the next call."""
    with _lock:
        met = dict(_met)
        _met.clear()
    for key, each in met.items():
        try:
            Outage.objects.note(key, each.reason, began_at=each.began_at, failed_at=each.failed_at)
        except Error:
            logger.warning("outage.unwritten", exc_info=True, extra={"component": key})
            with _lock:
                _met.setdefault(key, each)


def forget_old_outages() -> int:
    """Delete outages that are no longer shown, and return how many."""
    before = timezone.now() - timedelta(seconds=OUTAGE_KEPT_S)
    return Outage.objects.filter(failed_at__lt=before).delete()[0]
