"""Which sources are silent, and who may still ask them: a circuit breaker for all instances.

A silent source holds each caller for ten seconds. After several such failures in a row, all callers
fail at once, and one piece of work at a time tries whether the source answers again. The state is
in the database (`models.Outage`), by the source's address, so one slow host blocks no other. A
process relies on what it read for two seconds.

Without the database every caller asks, as if nothing were known.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from artifacts.exceptions import SourceUnavailable
from artifacts.limits import (
    OUTAGE_KEY_MAX_CHARS,
    OUTAGE_NOTED_EVERY_S,
    SOURCE_LOOK_S,
    SOURCE_SILENCE_KEPT_S,
    SOURCE_SLOW_S,
)
from artifacts.models import Outage
from artifacts.sources.inquiry import Inquiry

logger = logging.getLogger(__name__)

# People's names for the sources, and the settings with their addresses. Hosts of direct links,
# which anybody may name, are not shown.
WATCHED = {"The Hub": "HF_ENDPOINT", "GitHub": "GITHUB_API_URL", "Kaggle": "KAGGLE_URL"}

outages = Outage.objects


class _Known:
    """What this process knows.

    Attributes:
        rows: the rows that were last read, by address.
        noted_at: when this process last wrote a failure of a source, by the monotonic clock.
        unwritten_at: when it last failed to write one, by the same clock.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.rows: dict[str, Outage] = {}
        self.read_at = float("-inf")
        self.noted_at: dict[str, float] = {}
        self.unwritten_at: dict[str, float] = {}


_known = _Known()


def require_speaking(base_url: str, inquiry: Inquiry) -> None:
    """Check that a piece of work may ask a source.

    Raises:
        SourceUnavailable: it is silent, and other work is trying whether it answers again.
    """
    look()
    row = _known.rows.get(base_url)
    if row is None or row.next_try_at is None:
        return
    now = timezone.now()
    with inquiry.trying() as tried:
        if base_url in tried:
            return
        if row.next_try_at <= now and _claim(base_url, now):
            logger.info("source.tried_again", extra={"source": base_url})
            tried.add(base_url)
            return
    wait_s = max(1.0, (row.next_try_at - now).total_seconds())
    raise SourceUnavailable(
        f"{base_url.partition('://')[2]} has not answered for a while, and is asked again in some "
        "seconds. Try again later.",
        retry_after_s=wait_s,
    )


def note_failure(base_url: str, reason: str, waited_s: float, inquiry: Inquiry) -> None:
    """Record that a source did not answer, or not as it should.

    Args:
        waited_s: how long one request waited for it.
        inquiry: of the work that asked. It counts at most once, and not at all if the source
            answered another of its requests: one slow page is no silence.
    """
    is_slow = waited_s >= SOURCE_SLOW_S and not inquiry.has_spoken(base_url)
    is_watched = base_url in _places().values()
    if len(base_url) > OUTAGE_KEY_MAX_CHARS or not (is_slow or is_watched):
        return
    if is_slow and not inquiry.is_first_failure(base_url):
        return
    if not is_slow and not inquiry.deadline.left_s:
        return  # The work's own time was over, which says nothing about the source.
    was_noted_s_ago = time.monotonic() - _known.noted_at.get(base_url, float("-inf"))
    if not is_slow and was_noted_s_ago < OUTAGE_NOTED_EVERY_S:
        return
    _known.noted_at[base_url] = time.monotonic()
    try:
        with _short_connection():
            outages.note(base_url, reason, failed_at=timezone.now(), is_slow=is_slow)
    except Error as error:
        _known.unwritten_at[base_url] = time.monotonic()
        logger.warning("source.silence_unwritten", extra={"reason": str(error)})
    _known.read_at = float("-inf")


def note_answer(base_url: str, inquiry: Inquiry) -> None:
    """Record that a source answers; does nothing if no failure of it is known."""
    inquiry.note_speech(base_url)
    mine = [each.pop(base_url, None) for each in (_known.noted_at, _known.unwritten_at)]
    if base_url not in _known.rows and mine == [None, None]:
        return
    _known.rows.pop(base_url, None)
    try:
        with _short_connection():
            outages.forget(base_url)
    except Error as error:
        logger.warning("source.silence_unwritten", extra={"reason": str(error)})
    else:
        logger.info("source.answers_again", extra={"source": base_url})


def silent_sources(*, is_readable: bool = True) -> dict[str, datetime | None]:
    """Return the sources that recently failed and have not answered since.

    Args:
        is_readable: whether the database answers; otherwise it is not asked.

    Returns:
        By name: until when only one caller may ask it; None for a source that all may ask.
    """
    if is_readable:
        _known.read_at = float("-inf")  # The health page shows the current state.
        look()
    since = timezone.now() - timedelta(seconds=SOURCE_SILENCE_KEPT_S)
    found: dict[str, datetime | None] = {}
    for name, base_url in _places().items():
        row = _known.rows.get(base_url)
        unwritten_s_ago = time.monotonic() - _known.unwritten_at.get(base_url, float("-inf"))
        if row is not None and row.failed_at > since:
            found[name] = row.next_try_at
        elif unwritten_s_ago < SOURCE_SILENCE_KEPT_S:
            found[name] = None
    return found


def look() -> None:
    """Read what all instances have recorded, unless it was read a moment ago.

    If several threads call this at once, one reads; the others use what was read before.
    """
    if time.monotonic() - _known.read_at < SOURCE_LOOK_S or not _known.lock.acquire(blocking=False):
        return
    try:
        with _short_connection():
            _known.rows = {row.key: row for row in outages.all()}
    except Error as error:
        logger.warning("source.silence_unread", extra={"reason": str(error)})
    finally:
        _known.read_at = time.monotonic()
        _known.lock.release()


def _claim(base_url: str, now: datetime) -> bool:
    """Take the right to try a source; without the database every caller has it."""
    _known.read_at = float("-inf")
    try:
        with _short_connection():
            return outages.claim_try(base_url, now)
    except Error as error:
        logger.warning("source.silence_unwritten", extra={"reason": str(error)})
        return True


@contextmanager
def _short_connection() -> Iterator[None]:
    """Close the connection afterwards if this thread had none before.

    Threads of a pool ask sources, and nothing else would close their connections.
    """
    had_one = connection.connection is not None
    try:
        yield
    finally:
        if not had_one:
            connection.close()


def _places() -> dict[str, str]:
    """Return the address of each watched source."""
    return {name: getattr(settings, setting) for name, setting in WATCHED.items()}
