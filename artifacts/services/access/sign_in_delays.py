"""Slowing down password guessing without locking anybody else out.

Each failed sign-in is counted three times: for the user at this address, for the address, and for
the user. Each count is a bucket that leaks one failure every few seconds; the sizes are in
`artifacts/limits/access.py`. While a bucket is full, sign-ins are refused before the password is
looked at. A storm therefore costs next to nothing, and a refusal does not prolong the wait.

- Where a user has signed in from an address before, only that pair counts, and its bucket is
  larger: nothing that others do can keep that user out. While this bucket is only partly full,
  a wrong password is told to wait and the right one still signs in.
- Failures of one user from many addresses shrink the bucket of new pairs, but never below one try.
- Right passwords are never counted. Names that nobody has are treated like any other.

The counts are rows, since the next try may reach another process. If they cannot be written,
signing in works without them.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import dataclass
from typing import NoReturn

from django.db import Error, connection, transaction
from django.db.models import Q

from artifacts.exceptions import CredentialsRefused, SignInDelayed
from artifacts.limits import (
    ADDRESS_FAILURE_S,
    ADDRESS_FAILURES,
    KNOWN_ADDRESS_LIFETIME_S,
    KNOWN_FAILURE_S,
    KNOWN_FAILURES,
    KNOWN_FAILURES_MAX,
    PAIR_FAILURE_S,
    PAIR_FAILURES,
    PAIR_FAILURES_UNDER_ATTACK,
    SIGN_IN_TALLIES_PRUNED_S,
    USER_FAILURE_S,
    USER_FAILURES,
    USERNAME_MAX_CHARS,
)
from artifacts.models import SignInTally
from artifacts.rules.identity import now_us
from artifacts.rules.people import normal_name
from artifacts.rules.text import storable

logger = logging.getLogger(__name__)

_S = 1_000_000
# Stands for the address of somebody at the machine itself.
HERE = "here"
# Stands for an empty name, since rows named "" count for the address.
_NAMELESS = "(no name)"
_TABLE = SignInTally._meta.db_table  # noqa: SLF001  (documented)
_NOTE = f"""
    INSERT INTO {_TABLE} (name, address, failures, forgiven_us, known_until_us)
    VALUES (%s, %s, 1, %s, 0)
    ON CONFLICT (name, address) DO UPDATE SET failures = {_TABLE}.failures + 1,
    forgiven_us = excluded.forgiven_us
        + CASE WHEN {_TABLE}.forgiven_us > %s THEN {_TABLE}.forgiven_us - %s ELSE 0 END
"""  # noqa: S608  (the table's name comes from the model)
_KNOW = f"""
    INSERT INTO {_TABLE} (name, address, failures, forgiven_us, known_until_us)
    VALUES (%s, %s, 0, 0, %s)
    ON CONFLICT (name, address)
    DO UPDATE SET failures = 0, forgiven_us = 0, known_until_us = excluded.known_until_us
"""  # noqa: S608  (likewise)

_pruning = threading.Lock()
_pruned_at = time.monotonic()


@dataclass(frozen=True)
class Attempt:
    """Somebody who tries to sign in, and what the counts say about it.

    Attributes:
        is_known: this user has signed in from this address before.
        wait_s: seconds until the password will be looked at; 0 for at once.
        wait_if_wrong_s: seconds to wait after a wrong password; 0 for none.
        is_to_be_noted: whether a success would change the counts.
    """

    name: str
    address: str
    is_known: bool
    wait_s: float
    wait_if_wrong_s: float
    is_to_be_noted: bool


def look_up(*, username: str, address: str) -> Attempt:
    """Read the counts for a user at an address, in one statement."""
    name = storable(normal_name(username[:USERNAME_MAX_CHARS]))[:USERNAME_MAX_CHARS] or _NAMELESS
    address = address or HERE
    now = now_us()
    # One index serves all three conditions: it has the names before the addresses.
    rows = SignInTally.objects.filter(
        Q(name=name, address__in=(address, "")) | Q(name="", address=address)
    ).values_list("name", "address", "forgiven_us", "known_until_us")
    noted = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    owed_us, known_until_us = noted.get((name, address), (0, 0))
    is_known = known_until_us > now
    if is_known:
        wait_us = _wait_us(owed_us - now, KNOWN_FAILURES_MAX, KNOWN_FAILURE_S)
    else:
        of_user_us = noted.get((name, ""), (0, 0))[0] - now
        of_address_us = noted.get(("", address), (0, 0))[0] - now
        is_under_attack = _wait_us(of_user_us, USER_FAILURES, USER_FAILURE_S) > 0
        tries = PAIR_FAILURES_UNDER_ATTACK if is_under_attack else PAIR_FAILURES
        wait_us = max(
            _wait_us(owed_us - now, tries, PAIR_FAILURE_S),
            _wait_us(of_address_us, ADDRESS_FAILURES, ADDRESS_FAILURE_S),
        )
    if_wrong_us = _wait_us(owed_us - now, KNOWN_FAILURES, KNOWN_FAILURE_S) if is_known else 0
    is_fresh = known_until_us - now > (KNOWN_ADDRESS_LIFETIME_S - 24 * 60 * 60) * _S
    return Attempt(
        name=name,
        address=address,
        is_known=is_known,
        wait_s=wait_us / _S,
        wait_if_wrong_s=if_wrong_us / _S,
        is_to_be_noted=not is_fresh or owed_us > now,
    )


def _wait_us(owed_us: int, tries: int, each_s: int) -> int:
    """Return the microseconds until the bucket takes one more failure; 0 for at once.

    Args:
        owed_us: how long it takes until the bucket is empty.
        tries: how many failures the bucket holds.
        each_s: how long one failure takes to leak.
    """
    return max(0, owed_us - (tries - 1) * each_s * _S)


def require_no_delay(attempt: Attempt) -> None:
    """Check that the password may be tried now.

    Raises:
        SignInDelayed: too many tries failed; the error says when to try again.
    """
    if attempt.wait_s > 0:
        logger.warning("login.delayed", extra={"user": attempt.name, "address": attempt.address})
        raise SignInDelayed(math.ceil(attempt.wait_s))


def refuse(attempt: Attempt) -> NoReturn:
    """Count a failed try, log it (never the password), and raise the answer.

    Raises:
        CredentialsRefused: the user may try again.
        SignInDelayed: the user has to wait first.
    """
    logger.warning("login.failed", extra={"user": attempt.name, "address": attempt.address})
    now = now_us()
    pair_s = KNOWN_FAILURE_S if attempt.is_known else PAIR_FAILURE_S
    # Always in this order, so that two at once never wait for each other's rows.
    keys = [
        ("", attempt.address, ADDRESS_FAILURE_S),
        (attempt.name, "", USER_FAILURE_S),
        (attempt.name, attempt.address, pair_s),
    ]
    _write(_NOTE, [(*key, now + each_s * _S, now, now) for *key, each_s in keys])
    _prune_now_and_then()
    if attempt.wait_if_wrong_s > 0:
        raise SignInDelayed(math.ceil(attempt.wait_if_wrong_s))
    raise CredentialsRefused


def note_success(attempt: Attempt) -> None:
    """Forget the pair's failures, and remember that the user is known at this address."""
    if attempt.is_to_be_noted:
        known_until_us = now_us() + KNOWN_ADDRESS_LIFETIME_S * _S
        _write(_KNOW, [(attempt.name, attempt.address, known_until_us)])


def lift_delays(*, username: str = "", address: str = "") -> int:
    """Forget the failures of a user, of an address, or of everybody.

    Users stay known at their addresses.

    Returns:
        How many counts were cleared.
    """
    rows = SignInTally.objects.exclude(forgiven_us=0)
    if username:
        rows = rows.filter(name=normal_name(username))
    if address:
        rows = rows.filter(address=address)
    return rows.update(forgiven_us=0, failures=0)


def prune_tallies() -> int:
    """Remove counts that have no effect any more."""
    now = now_us()
    return SignInTally.objects.filter(forgiven_us__lt=now, known_until_us__lt=now).delete()[0]


def _write(statement: str, rows: list[tuple[str | int, ...]]) -> None:
    """Write counts. A failure is only logged, since it must not change the answer."""
    try:
        # A savepoint of its own, where the caller has a transaction open.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    except Error:
        logger.warning("login.not_noted", exc_info=True)


def _prune_now_and_then() -> None:
    """Remove stale counts, once in a while in each process."""
    global _pruned_at  # noqa: PLW0603  (one process, one clock)
    with _pruning:
        now_s = time.monotonic()
        if now_s - _pruned_at < SIGN_IN_TALLIES_PRUNED_S:
            return
        _pruned_at = now_s
    try:
        with transaction.atomic():
            prune_tallies()
    except Error:
        logger.warning("login.not_noted", exc_info=True)
