"""Admitting calls with tokens for programs, and limiting how many a minute has.

One query reads the token, its owner's permissions and how many calls of this minute are written.
An exact count across machines would need a write for each call, so each process counts for itself
and adds its count to the row once it has a fiftieth of what is allowed; what it has not added is
what the limit may be exceeded by, for each process. The first call of a minute adds its count at
once, which is also what the owner sees as last use. `RequestMiddleware` writes when the answer is
sent, so that nobody waits. What a killed process did not write is lost.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Case, F, Q, When
from django.utils import timezone

from artifacts.enums import TokenScope
from artifacts.exceptions import AuthenticationFailed, TokenRateExceeded
from artifacts.limits import PROGRAM_TOKEN_COUNT_SHARE
from artifacts.models import AccessToken, User

logger = logging.getLogger(__name__)

_MINUTE = timedelta(minutes=1)
_USER_FIELDS = (
    "id", "username", "is_admin", "is_active", "can_upload", "can_search", "can_download",
    "can_decide",
)  # fmt: skip
_TOKENS, _USERS = AccessToken._meta.db_table, User._meta.db_table  # noqa: SLF001  (documented)
# By hand: Django takes two milliseconds to write this, and a database a tenth of one to answer it.
_READ = f"""
    SELECT t.scope, CASE WHEN t.used_at >= %s THEN t.used_calls END,
    {", ".join(f"u.{field}" for field in _USER_FIELDS)}
    FROM {_TOKENS} t JOIN {_USERS} u ON u.id = t.user_id
    WHERE t.digest = %s AND t.scope <> '' AND t.expires_at > %s AND u.is_active
"""  # noqa: S608  (names come from the models)

_lock = threading.Lock()
# The minute that is counted; by digest, the calls that are not written yet; and whose are due.
_minute: datetime | None = None
_unwritten: Counter[str] = Counter()
_due: set[str] = set()


def admit_call(digest: str) -> User:
    """Return the user of a token for programs, with no more rights than the token has.

    Args:
        digest: the SHA-256 of the token.

    Raises:
        AuthenticationFailed: there is no such token, or it has expired.
        TokenRateExceeded: it had all its calls of this minute.
    """
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_READ, [adapt(minute), digest, adapt(now)])
        row = cursor.fetchone()
    if row is None:
        raise AuthenticationFailed
    scope, written, *values = row
    _count(digest, minute, written, (minute + _MINUTE - now).total_seconds())
    return _narrowed(values, TokenScope(scope))


def write_uses() -> None:
    """Add to the rows what is due. A failure is only logged: counting must not fail a request."""
    with _lock:
        minute, counts = _minute, sorted((each, _unwritten.pop(each, 0)) for each in _due)
        _due.clear()
    if minute is None or not counts:
        return
    adds_up = When(used_at=minute, then=F("used_calls"))
    try:
        for digest, calls in counts:
            # A clock that is behind must not set the minute back.
            AccessToken.objects.filter(
                Q(used_at=None) | Q(used_at__lte=minute), digest=digest
            ).update(used_calls=Case(adds_up, default=0) + calls, used_at=minute)
    except Error:
        logger.warning("token.use_not_noted", exc_info=True)


def _count(digest: str, minute: datetime, written: int | None, rest_s: float) -> None:
    """Count one call.

    Args:
        written: how many calls of this minute the row has; None if it has none of this minute.
        rest_s: how long the minute lasts.

    Raises:
        TokenRateExceeded: there were enough in this minute.
    """
    global _minute  # noqa: PLW0603  (one process, one count)
    allowed = settings.REGISTRY_TOKEN_RATE
    with _lock:
        if _minute != minute:
            _minute = minute
            _unwritten.clear()
            _due.clear()
        if (written or 0) + _unwritten[digest] >= allowed:
            raise TokenRateExceeded(allowed, math.ceil(rest_s))
        _unwritten[digest] += 1
        if written is None or _unwritten[digest] * PROGRAM_TOKEN_COUNT_SHARE >= allowed:
            _due.add(digest)


def _narrowed(values: list[object], scope: TokenScope) -> User:
    """Return a user of a row's columns with what both the user and the token may do."""
    row = dict(zip(_USER_FIELDS, values, strict=True))
    may_all = row["is_admin"]
    row |= {
        "is_admin": False,
        "can_upload": scope == TokenScope.WRITE and (may_all or row["can_upload"]),
        "can_search": may_all or row["can_search"],
        "can_download": may_all or row["can_download"],
        # People decide, in person.
        "can_decide": False,
    }
    user = User.from_db(connection.alias, _USER_FIELDS, list(row.values()))
    user.scope = scope
    return user
