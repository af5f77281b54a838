"""Writers take turns, because SQLite has one writer at a time.

Without turns, the writers of a process would poll SQLite until their time is over. Luck would
decide who writes first, and a file that another process holds would cost every thread the whole
time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable

from django.db import OperationalError

from artifacts.limits import SQLITE_HELD_AFTER_S, SQLITE_LOCK_MAX_S, SQLITE_PATIENT_WRITERS_MAX


class Turns:
    """Lets the writers of this process write one after the other."""

    def __init__(self) -> None:
        """Begin without a writer."""
        self._turn = threading.Lock()
        self._lock = threading.Lock()
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
            OperationalError: the file was busy until the time limit, or too many wait already.
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
        """Let the next writer begin."""
        self._turn.release()

    def _wait(self, ends_at: float) -> None:
        """Wait for a turn; while another process holds the file, only a few may wait."""
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
