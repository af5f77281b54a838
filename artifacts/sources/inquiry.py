"""All requests to sources that belong to one piece of work, such as a registration."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.deadline import Deadline


class Inquiry:
    """One piece of work's deadline for requests, and which sources answered or failed it.

    How often a source has answered decides what else the work requests. A silent source counts as
    one failure, however many threads wait for it.

    Attributes:
        deadline: when the work is given up.
        is_patient: whether no registration waits for it, so that it may ask for all that there is.
    """

    def __init__(self, seconds: float, *, is_patient: bool = False) -> None:
        """Begin, with so much time."""
        self.deadline = Deadline(seconds)
        self.is_patient = is_patient
        # Several threads append to it at once.
        self._answered: list[str] = []
        self._spoke: set[str] = set()
        self._failed: set[str] = set()
        self._tried: set[str] = set()
        self._lock = threading.Lock()
        # Whole answers that this work may need again, by the cache's keys.
        self._told: dict[str, Any] = {}

    def keep_answer(self, key: str, answer: Any) -> None:
        """Keep an answer, so that the same work does not ask again."""
        self._told[key] = answer

    def find_answer(self, key: str) -> Any:
        """Return an answer that was kept, None for none."""
        return self._told.get(key)

    def check_time(self, waiting_for: str) -> None:
        """Raise an error if no time is left.

        Raises:
            SourceUnavailable: no time is left.
        """
        if not self.deadline.left_s:
            raise SourceUnavailable(f"{waiting_for} took too long to answer.")

    def note_answer(self, base_url: str) -> None:
        """Count an answer of the source at an address."""
        self._answered.append(base_url)

    def count_answers(self, base_url: str) -> int:
        """Return how often the source at an address has answered, redirects included."""
        return self._answered.count(base_url)

    def note_speech(self, base_url: str) -> None:
        """Remember that the source at an address gave a complete answer, so it is not silent."""
        with self._lock:
            self._spoke.add(base_url)

    def has_spoken(self, base_url: str) -> bool:
        """Whether the source at an address gave this work a complete answer."""
        with self._lock:
            return base_url in self._spoke

    def is_first_failure(self, base_url: str) -> bool:
        """Return True at the first call for an address, to count only the first failure."""
        with self._lock:
            is_first = base_url not in self._failed
            self._failed.add(base_url)
            return is_first

    @contextmanager
    def trying(self) -> Iterator[set[str]]:
        """Lend the set of silent sources that this work may try to one thread at a time."""
        with self._lock:
            yield self._tried
