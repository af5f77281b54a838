"""Counting requests per minute and per quarter of an hour, for the window that health shows.

Each process collects counts for a few seconds and then writes them together: one write per request
would cost more than most requests do. `RequestMiddleware` counts a request when its answer is sent,
so nobody waits for the write; on Lambda, where a function stops with its answer, one request of
many waits for it. A process that is killed loses those seconds.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from bisect import bisect_left
from collections import Counter, deque
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from artifacts.database import outages
from artifacts.enums import ArtifactType
from artifacts.limits import (
    ACTIVITY_FLUSH_REQUESTS,
    ACTIVITY_FLUSH_S,
    ACTIVITY_QUARTER_MINUTES,
    FAILED_REQUESTS_KEPT,
    FAILED_REQUESTS_WAITING_MAX,
    FAILURE_REASON_MAX_CHARS,
    HEALTH_WINDOW_MAX_MINUTES,
    LATENCY_EDGES_MS,
)
from artifacts.models import ActivityBucket, ActivityQuarter, ClientMark, FailedRequest
from artifacts.request_id import current_request_id, noted_failure
from artifacts.rules.text import storable
from artifacts.services.trust import searches

logger = logging.getLogger(__name__)

_Key = tuple[datetime, str, int, str]
_LATENCIES = ActivityBucket.LATENCIES
_MINUTES = ActivityBucket._meta.db_table  # noqa: SLF001  (documented)
_QUARTERS = ActivityQuarter._meta.db_table  # noqa: SLF001  (documented)
_MARKS = ClientMark._meta.db_table  # noqa: SLF001  (documented)
_COUNTED = ("requests", *_LATENCIES)
_ADD_TO_MINUTE, _ADD_TO_QUARTER = (
    f"""
    INSERT INTO {table} (minute, route, status, artifact_type, {", ".join(_COUNTED)})
    VALUES (%s, %s, %s, %s{", %s" * len(_COUNTED)})
    ON CONFLICT (minute, route, status, artifact_type)
    DO UPDATE SET {", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _COUNTED)}
    """  # noqa: S608  (the names come from the models)
    for table in (_MINUTES, _QUARTERS)
)
_MARK = f"""
    INSERT INTO {_MARKS} (mark, seen_at) VALUES (%s, %s)
    ON CONFLICT (mark) DO UPDATE SET seen_at = excluded.seen_at
    WHERE excluded.seen_at > {_MARKS}.seen_at
"""  # noqa: S608  (likewise)

# A window begins with a whole bar, which may have two quarters.
_LONGER = timedelta(minutes=2 * ACTIVITY_QUARTER_MINUTES)

# Monotonic time at which this process, or this instance after a thaw, began to count.
STARTED_AT = time.monotonic()

_lock = threading.Lock()
# By kind and by the place of its latency in `_LATENCIES`; None if that is unknown.
_waiting: Counter[tuple[_Key, int | None]] = Counter()
# The marks of clients with the minute in which they were last seen; and those that are written.
_marks: dict[int, datetime] = {}
_written_marks: dict[int, datetime] = {}
_failed: deque[FailedRequest] = deque(maxlen=FAILED_REQUESTS_WAITING_MAX)
_flushed_at = time.monotonic()
_held_until = 0.0


def begin() -> None:
    """Begin to count with nothing collected."""
    global STARTED_AT, _flushed_at  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        _waiting.clear()
        _marks.clear()
        _written_marks.clear()
        _failed.clear()
        STARTED_AT = _flushed_at = time.monotonic()


def get_uptime_s() -> int:
    """Return for how many seconds this process has counted."""
    return int(time.monotonic() - STARTED_AT)


def count(
    route: str, status: int, artifact_type: str, took_s: float | None = None, address: str = ""
) -> None:
    """Count one request; once in a while, write the collected counts.

    Args:
        took_s: None if nobody measured it.
        address: the client's, "" if nobody states it. It is not kept: see `ClientMark`.
    """
    kind = ArtifactType.find_word(artifact_type) or ""
    minute = timezone.now().replace(second=0, microsecond=0)
    place = None if took_s is None else bisect_left(LATENCY_EDGES_MS, took_s * 1000)
    with _lock:
        _waiting[(minute, route[:120], status, kind), place] += 1
        if address:
            mark = _mark_of(address)
            if _written_marks.get(mark) != minute:
                _marks[mark] = minute
        now = time.monotonic()
        is_due = now >= _held_until and (
            now - _flushed_at >= ACTIVITY_FLUSH_S or _waiting.total() >= ACTIVITY_FLUSH_REQUESTS
        )
    if is_due:
        flush()
        outages.write()
        searches.write_if_due()


def note_failed(route: str, status: int, took_s: float) -> None:
    """Keep the current request for the list of those that failed; written with the next counts.

    What comes in too fast is lost, the oldest first; the log has every one.
    """
    failure = noted_failure()
    event, reason = "request.slow", ""
    if failure is not None:
        event = failure.event
        reason = str(failure.fields.get("reason") or type(failure.error).__name__)
    elif status >= 500:  # noqa: PLR2004  (our side's faults)
        event = "request.answered"
    _failed.append(
        FailedRequest(
            at=timezone.now(),
            request_id=current_request_id(),
            route=route[:120],
            status=status,
            event=event,
            reason=storable(reason)[:FAILURE_REASON_MAX_CHARS],
            took_ms=round(took_s * 1000),
        )
    )


def hold() -> None:
    """Hold the collected counts back for a while: the database is down and would not answer."""
    global _held_until  # noqa: PLW0603  (one process, one buffer)
    _held_until = time.monotonic() + ACTIVITY_FLUSH_S


def flush() -> None:
    """Write what was collected. A failure is only logged: statistics must not fail a request."""
    global _flushed_at  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        counts, marks = _rows_of(_waiting), sorted(_marks.items())
        quarters = _rows_of(_by_quarter(_waiting))
        failed = list(_failed)
        _waiting.clear()
        _marks.clear()
        _failed.clear()
        _flushed_at = time.monotonic()
    if not counts and not failed:
        return
    adapt = connection.ops.adapt_datetimefield_value
    oldest = timezone.now() - timedelta(minutes=HEALTH_WINDOW_MAX_MINUTES)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in ((_ADD_TO_MINUTE, counts), (_ADD_TO_QUARTER, quarters)):
                cursor.executemany(
                    statement, [(adapt(key[0]), *key[1:], *row) for key, row in rows]
                )
            if marks:
                cursor.executemany(_MARK, [(mark, adapt(minute)) for mark, minute in marks])
            if failed:
                _keep_failed(failed)
            ActivityBucket.objects.filter(minute__lt=oldest).delete()
            ActivityQuarter.objects.filter(minute__lt=oldest - _LONGER).delete()
    except Error:
        lost = sum(row[0] for _, row in counts)
        logger.warning("activity.lost", exc_info=True, extra={"requests": lost})
    else:
        _remember_marks(marks)


def _by_quarter(
    waiting: Counter[tuple[_Key, int | None]],
) -> Counter[tuple[_Key, int | None]]:
    """Return what was counted, by quarters of an hour instead of minutes."""
    found: Counter[tuple[_Key, int | None]] = Counter()
    for ((minute, route, status, kind), place), number in waiting.items():
        found[(ActivityQuarter.begin_of(minute), route, status, kind), place] += number
    return found


def _rows_of(
    waiting: Counter[tuple[_Key, int | None]],
) -> list[tuple[_Key, list[int]]]:
    """Return what was counted, by key and in its order: all requests, then those of each latency.

    Writers that take rows in one order never wait for each other in a circle.
    """
    rows: dict[_Key, list[int]] = {}
    for (key, place), number in waiting.items():
        row = rows.setdefault(key, [0] * len(_COUNTED))
        row[0] += number
        if place is not None:
            row[1 + place] += number
    return sorted(rows.items())


def _keep_failed(failed: list[FailedRequest]) -> None:
    """Write requests that failed, and remove all but the newest."""
    FailedRequest.objects.bulk_create(failed)
    kept = FailedRequest.objects.order_by("-id").values("id")
    oldest = kept[FAILED_REQUESTS_KEPT - 1 : FAILED_REQUESTS_KEPT].first()
    if oldest is not None:
        FailedRequest.objects.filter(id__lt=oldest["id"]).delete()


def _mark_of(address: str) -> int:
    """Return the mark that stands for an address, and for a million others."""
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"clients").digest()
    digest = hashlib.blake2b(address.encode(), digest_size=4, key=key).digest()
    return int.from_bytes(digest, "big") % ClientMark.MARKS


def _remember_marks(marks: list[tuple[int, datetime]]) -> None:
    """Remember which marks are written, so that a client costs one write a minute at most."""
    with _lock:
        _written_marks.update(marks)
