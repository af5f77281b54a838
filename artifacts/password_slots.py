"""Limits how many passwords this process hashes at once.

Every hash of a password is computed within a slot. The hasher itself takes one
(`registry_site/password_hashers.py`), so that no caller can forget it. Code that must check
something before and after the hash takes the slot earlier (`services/access/authentication.py`).
"""

from __future__ import annotations

import contextvars
import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from artifacts.exceptions import PasswordsBusy
from artifacts.limits import (
    PASSWORD_BUSY_RETRY_AFTER_S,
    PASSWORD_KNOWN_WAIT_MAX_S,
    PASSWORD_KNOWN_WAITING_MAX,
    PASSWORD_SLOTS,
    PASSWORD_SLOTS_FOR_STRANGERS,
    PASSWORD_WAIT_MAX_S,
    PASSWORD_WAITING_MAX,
)


class Asker(Enum):
    """On whose behalf a password is hashed."""

    # Anybody; even a flood of these leaves a slot to the others.
    STRANGER = "stranger"
    # A user who signed in from the same address before, or has a token or a session.
    KNOWN = "known"


_PLACES = {Asker.STRANGER: PASSWORD_WAITING_MAX, Asker.KNOWN: PASSWORD_KNOWN_WAITING_MAX}
_PATIENCE_S = {Asker.STRANGER: PASSWORD_WAIT_MAX_S, Asker.KNOWN: PASSWORD_KNOWN_WAIT_MAX_S}

_change = threading.Condition()
_running: Counter[Asker] = Counter()
_waiting: dict[Asker, deque[object]] = {asker: deque() for asker in Asker}
_has_slot: contextvars.ContextVar[bool] = contextvars.ContextVar("has_slot", default=False)


@contextmanager
def slot(asker: Asker) -> Iterator[bool]:
    """Hold one of the slots; a request that holds one already takes no second.

    Yields:
        Whether the caller had to wait for it.

    Raises:
        PasswordsBusy: none became free in time, or too many wait already.
    """
    if _has_slot.get():
        yield False
        return
    has_waited = _take(asker)
    token = _has_slot.set(True)
    try:
        yield has_waited
    finally:
        _has_slot.reset(token)
        with _change:
            _running[asker] -= 1
            _change.notify_all()


def _take(asker: Asker) -> bool:
    """Take a slot; waiting holds a thread of the server, so the number of waiters is bounded."""
    with _change:
        queue = _waiting[asker]
        if not queue and _is_free(asker):
            _running[asker] += 1
            return False
        if len(queue) >= _PLACES[asker]:
            raise PasswordsBusy(PASSWORD_BUSY_RETRY_AFTER_S)
        # First come, first served: with overtaking, some would wait in vain.
        place = object()
        queue.append(place)
        try:
            if not _change.wait_for(
                lambda: queue[0] is place and _is_free(asker), _PATIENCE_S[asker]
            ):
                raise PasswordsBusy(PASSWORD_BUSY_RETRY_AFTER_S)
            _running[asker] += 1
        finally:
            queue.remove(place)
            _change.notify_all()
        return True


def _is_free(asker: Asker) -> bool:
    """Say whether a slot is free for this kind of asker."""
    if asker is Asker.STRANGER and _running[asker] >= PASSWORD_SLOTS_FOR_STRANGERS:
        return False
    return _running.total() < PASSWORD_SLOTS
