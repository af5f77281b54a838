"""Counting who searches for which artifact: each user once for an artifact and a day.

A search writes nothing. Each process collects what was sought, and writes what it has not written
today together, when an answer is sent (`services/upkeep/activity.py`) or an event ends. A process
that is killed loses half a minute of it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, timedelta

from django.db import Error
from django.db.models import Count
from django.utils import timezone

from artifacts.database import modes
from artifacts.database.transactions import keep_artifacts, writing
from artifacts.exceptions import RegistryError
from artifacts.limits import (
    SEARCHES_FLUSH_S,
    SEARCHES_KEPT_DAYS,
    SEARCHES_KEPT_MAX,
    SEARCHES_OF_USER_MAX,
    SEARCHES_REMEMBERED_MAX,
    SEARCHES_WAITING_MAX,
)
from artifacts.models import ArtifactSearch, User

logger = logging.getLogger(__name__)

# The key of a user, the day, and the id of an artifact.
_Search = tuple[int, date, str]

_lock = threading.Lock()
_waiting: set[_Search] = set()
# How many of them are of each user.
_of_user: Counter[int] = Counter()
# What this process has written of today, or need not write.
_settled: set[_Search] = set()
_written_at_s = time.monotonic()


def begin() -> None:
    """Begin to count with nothing collected."""
    global _written_at_s  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        _waiting.clear()
        _of_user.clear()
        _settled.clear()
        _written_at_s = time.monotonic()


def note_search(user: User, ids: Iterable[str]) -> None:
    """Count that a user searched for these artifacts today. It asks the database nothing.

    Args:
        ids: as `rules.search.sought` names them.
    """
    day = _today()
    with _lock:
        for artifact_id in ids:
            search = (user.pk, day, artifact_id)
            is_full = (
                len(_waiting) >= SEARCHES_WAITING_MAX or _of_user[user.pk] >= SEARCHES_OF_USER_MAX
            )
            if search not in _settled and search not in _waiting and not is_full:
                _waiting.add(search)
                _of_user[user.pk] += 1


def write_if_due() -> None:
    """Write what was collected, once in a while."""
    if _waiting and time.monotonic() - _written_at_s >= SEARCHES_FLUSH_S:
        write_searches()


def write_searches() -> None:
    """Write what was collected. A failure is only logged: counting must not fail a request."""
    global _written_at_s  # noqa: PLW0603  (one process, one buffer)
    with _lock:
        searches = sorted(_waiting)
        _waiting.clear()
        _of_user.clear()
        _written_at_s = time.monotonic()
    if not searches or not modes.is_open():
        return
    try:
        with writing():
            _write(searches)
    except (Error, RegistryError):
        # Such as a user who was deleted at this moment.
        logger.warning("searches.lost", exc_info=True, extra={"searches": len(searches)})
    else:
        _settle(searches)


def forget_old_searches() -> int:
    """Delete what no longer counts, and return how much that was."""
    kept_from = _today() - timedelta(days=SEARCHES_KEPT_DAYS)
    deleted, _ = ArtifactSearch.objects.filter(day__lt=kept_from).delete()
    ids = ArtifactSearch.objects.order_by("-id").values_list("id", flat=True)
    if too_old := ids[SEARCHES_KEPT_MAX : SEARCHES_KEPT_MAX + 1].first():
        deleted += ArtifactSearch.objects.filter(id__lte=too_old).delete()[0]
    return deleted


def _write(searches: list[_Search]) -> None:
    """Write searches of users and artifacts that are still there, up to each user's share."""
    users = {user for user, _, _ in searches}
    present = set(User.objects.filter(pk__in=users).values_list("pk", flat=True))
    kept = keep_artifacts(artifact_id for _, _, artifact_id in searches)
    counted = (
        ArtifactSearch.objects.filter(user__in=users, day__in={day for _, day, _ in searches})
        .values_list("user_id", "day")
        .annotate(count=Count("id"))
    )
    had = Counter({(user, day): count for user, day, count in counted})
    rows = []
    for user, day, artifact_id in searches:
        if user in present and artifact_id in kept and had[user, day] < SEARCHES_OF_USER_MAX:
            had[user, day] += 1
            rows.append(ArtifactSearch(user_id=user, day=day, artifact_id=artifact_id))
    ArtifactSearch.objects.bulk_create(rows, ignore_conflicts=True)


def _settle(searches: list[_Search]) -> None:
    """Remember what need not be written again; of an earlier day, nobody asks any more."""
    today = _today()
    with _lock:
        first = next(iter(_settled), None)
        if first and (first[1] != today or len(_settled) > SEARCHES_REMEMBERED_MAX):
            _settled.clear()
        _settled.update(each for each in searches if each[1] == today)


def _today() -> date:
    """Return the day in UTC."""
    return timezone.now().astimezone(UTC).date()
