"""Writers take turns, because SQLite has one writer at a time.

Without turns, the writers of a process would poll SQLite until their time is over. Luck would
decide who writes first, and a file that another process holds would cost every thread the whole
time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable

from django.db import OperationalError

from artifacts.limits import (
    SQLITE_HELD_AFTER_S,
    SQLITE_LOCK_MAX_S,
    SQLITE_PATIENT_WRITERS_MAX,
    SQLITE_TURN_MAX_S,
)


class Turns:
    """Lets the writers of this process write one after the other, in the order in which they came.

    A lock alone would let whoever asks at the right moment go first, and the unlucky wait for
    seconds among thirty that write again and again.
    """

    def __init__(self) -> None:
        """Begin without a writer."""
        self._lock = threading.Lock()
        self._is_taken = False
        # Those who wait; each holds a lock of its own, which is released when its turn has come.
        self._waiting: deque[threading.Lock] = deque()
        self._patient = 0
        # When a writer last made progress: got the file, or its turn while SQLite refused nobody.
        self._moved_at = 0.0
        # When SQLite last refused the file to the writer whose turn it was; 0 after a success.
        self._refused_at = 0.0

    def take(self, begin: Callable[[], None]) -> None:
        """Wait for a turn and begin to write; the caller must call `give_back` afterwards.

        Args:
            begin: asks SQLite for the write lock, and waits for it `SQLITE_HELD_AFTER_S`.

        Raises:
            OperationalError: the file or its writers were busy until the time limit, or too many
                wait already.
        """
        since = time.monotonic()
        place = self._line_up()
        if place is not None:
            try:
                since = self._wait(place, since)
            except BaseException:
                self._leave(place)
                raise
        if time.monotonic() - self._refused_at > SQLITE_HELD_AFTER_S:
            self._moved_at = time.monotonic()
        try:
            self._begin(begin, since + SQLITE_LOCK_MAX_S)
        except BaseException:
            self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next writer begin."""
        with self._lock:
            self._hand_on()

    def _hand_on(self) -> None:
        """Give the turn to who has waited longest. Call it under the lock."""
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._is_taken = False

    def _line_up(self) -> threading.Lock | None:
        """Take the turn if nobody has it, or else return a place among those who wait."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return None
            place = threading.Lock()
            place.acquire()
            self._waiting.append(place)
            return place

    def _leave(self, place: threading.Lock) -> None:
        """Wait no longer; a turn that came at that moment goes to the next."""
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
            else:
                self._hand_on()

    def _wait(self, place: threading.Lock, began: float) -> float:
        """Wait for a turn; while another process holds the file, only a few may wait.

        Returns:
            The moment since when the file is waited for: when the turn came, or from the beginning.
        """
        while not self._is_held():
            left_s = began + SQLITE_TURN_MAX_S - time.monotonic()
            if place.acquire(timeout=max(0.0, min(left_s, SQLITE_HELD_AFTER_S / 5))):
                return time.monotonic()
            if left_s <= 0:
                raise busy()
        ends_at = began + SQLITE_LOCK_MAX_S
        with self._lock:
            if self._patient >= SQLITE_PATIENT_WRITERS_MAX:
                raise busy()
            self._patient += 1
        try:
            if not place.acquire(timeout=max(0.0, ends_at - time.monotonic())):
                raise busy()
            return began
        finally:
            with self._lock:
                self._patient -= 1

    def _begin(self, begin: Callable[[], None], ends_at: float) -> None:
        """Ask SQLite until it grants the file or the time is over."""
        while True:
            try:
                begin()
            except (sqlite3.OperationalError, OperationalError) as error:
                if not is_busy(error):
                    raise
                self._refused_at = time.monotonic()
                if self._refused_at + SQLITE_HELD_AFTER_S > ends_at:
                    raise
            else:
                self._refused_at = 0.0
                self._moved_at = time.monotonic()
                return

    def _is_held(self) -> bool:
        """Say whether no writer has made progress for long."""
        return time.monotonic() - self._moved_at > SQLITE_HELD_AFTER_S


def is_busy(error: BaseException) -> bool:
    """Say whether an error, Django's or SQLite's own, means that the file is locked."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", None)
    # Extended codes hold the primary code in their low eight bits (SQLite, "Result Codes").
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def busy() -> OperationalError:
    """Return the error that SQLite itself would raise after a wait."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    cause.sqlite_errorname = "SQLITE_BUSY"
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error
