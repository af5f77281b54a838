"""Counting requests per minute, for the window that health shows.

Each process collects counts for a few seconds and then adds them to the table together: one write
per request would cost more than most requests do. A process that is killed loses those seconds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.utils import timezone

from artifacts.database import outages
from artifacts.enums import ArtifactType
from artifacts.limits import ACTIVITY_FLUSH_REQUESTS, ACTIVITY_FLUSH_S, HEALTH_WINDOW_MAX_MINUTES
from artifacts.models import ActivityBucket

logger = logging.getLogger(__name__)

_Key = tuple[datetime, str, int, str]
_TABLE = ActivityBucket._meta.db_table  # noqa: SLF001  (documented)
_ADD = f"""
    INSERT INTO {_TABLE} (minute, route, status, artifact_type, requests)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (minute, route, status, artifact_type)
    DO UPDATE SET requests = {_TABLE}.requests + excluded.requests
"""  # noqa: S608  (the table's name comes from the model)

# Monotonic time at which this process, or this instance after a thaw, began to count.
STARTED_AT = time.monotonic()

_lock = threading.Lock()
_waiting: Counter[_Key] = Counter()
_flushed_at = time.monotonic()
_held_until = 0.0


def begin() -> None:
    """Begin to count with nothing collected."""
    global STARTED_AT, _flushed_at  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        _waiting.clear()
        STARTED_AT = _flushed_at = time.monotonic()


def count(route: str, status: int, artifact_type: str) -> None:
    """Count one request; once in a while, write the collected counts."""
    kind = ArtifactType.find_word(artifact_type) or ""
    minute = timezone.now().replace(second=0, microsecond=0)
    with _lock:
        _waiting[minute, route[:120], status, kind] += 1
        now = time.monotonic()
        is_due = now >= _held_until and (
            now - _flushed_at >= ACTIVITY_FLUSH_S or _waiting.total() >= ACTIVITY_FLUSH_REQUESTS
        )
    if is_due:
        flush()
        outages.write()


def hold() -> None:
    """Hold the collected counts back for a while: the database is down and would not answer."""
    global _held_until  # noqa: PLW0603  (one process, one buffer)
    _held_until = time.monotonic() + ACTIVITY_FLUSH_S


def flush() -> None:
    """Write the collected counts. A failure is only logged: statistics must not fail a request."""
    global _flushed_at  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        rows = [(*key, number) for key, number in sorted(_waiting.items())]
        _waiting.clear()
        _flushed_at = time.monotonic()
    if not rows:
        return
    adapt = connection.ops.adapt_datetimefield_value
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                _ADD, [(adapt(m), route, status, kind, n) for m, route, status, kind, n in rows]
            )
            oldest = timezone.now() - timedelta(minutes=HEALTH_WINDOW_MAX_MINUTES)
            ActivityBucket.objects.filter(minute__lt=oldest).delete()
    except Error:
        logger.warning("activity.lost", exc_info=True, extra={"requests": sum(r[-1] for r in rows)})
