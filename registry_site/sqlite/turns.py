"""Whose turn it is to write: SQLite has one writer at a time.

Left to SQLite, writers of one process ask for the file again and again until their time is over;
who comes first is a matter of luck, and a file that somebody else holds costs every thread of the
server the whole of that time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable

from django.db import OperationalError

from artifacts.limits import SQLITE_HELD_AFTER_S, SQLITE_LOCK_MAX_S, SQLITE_PATIENT_WRITERS_MAX


class Turns:
    """The writers of this process, one after the other."""

    def __init__(self) -> None:
        """Nobody writes."""
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._patient = 0
        # When somebody last got on: took his turn after one who had got the file, or got it.
        self._moved_at = 0.0
        # When SQLite last refused the file to one whose turn it was.
        self._refused_at = 0.0

    def take(self, begin: Callable[[], None]) -> None:
        """Wait for one's turn and begin to write; `give_back` has to follow.

        Args:
            begin: asks SQLite for the writer's place, and waits for it `SQLITE_HELD_AFTER_S`.

        Raises:
            OperationalError: the file is busy, for longer than anybody waits or for longer than so
                many wait.
        """
        ends_at = time.monotonic() + SQLITE_LOCK_MAX_S
        if not self._turn.acquire(blocking=False):
            self._wait(ends_at)
        if time.monotonic() - self._refused_at > SQLITE_HELD_AFTER_S:
            self._moved_at = time.monotonic()
        try:
            self._begin(begin, ends_at)
        except BaseException:
            self._turn.release()
            raise

    def give_back(self) -> None:
        """Let the next one write."""
        self._turn.release()

    def _wait(self, ends_at: float) -> None:
        """Wait for one's turn, as one of few if the file is held."""
        while not self._is_held():
            if self._turn.acquire(timeout=SQLITE_HELD_AFTER_S / 5):
                return
            if time.monotonic() > ends_at:
                raise busy()
        with self._lock:
            if self._patient >= SQLITE_PATIENT_WRITERS_MAX:
                raise busy()
            self._patient += 1
        try:
            if not self._turn.acquire(timeout=max(0.0, ends_at - time.monotonic())):
                raise busy()
        finally:
            with self._lock:
                self._patient -= 1

    def _begin(self, begin: Callable[[], None], ends_at: float) -> None:
        """Ask SQLite until it gives the file or the time is over."""
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
        """Whether nobody has got on for long."""
        return time.monotonic() - self._moved_at > SQLITE_HELD_AFTER_S


def is_busy(error: BaseException) -> bool:
    """Whether an error, Django's or SQLite's own, says that somebody else has the file."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", None)
    # The extended codes have the plain one in their last eight bits (SQLite, "Result Codes").
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def busy() -> OperationalError:
    """Return what SQLite itself would say after a wait."""
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    cause.sqlite_errorname = "SQLITE_BUSY"
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error
