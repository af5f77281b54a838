"""The clock of an attempt at a task: on Lambda an attempt must end before its invocation does.

Any code that a task calls may check the clock. The clock knows neither the task nor its row: those
are in `work/leases.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from artifacts.exceptions import RegistryError
from artifacts.limits import DELETE_BATCH_KEYS, TASK_STOP_BEFORE_S
from artifacts.rules.deadline import Deadline


class OutOfTime(RegistryError):
    """The task has to stop before its invocation ends, and continues in another one."""

    code = "out_of_time"
    retryable = True


@dataclass
class Attempt:
    """One attempt of this thread at a task.

    Attributes:
        deadline: when the surrounding invocation ends; None if nothing limits the attempt.
        has_progressed: something was stored that need not be done again.
    """

    deadline: Deadline | None = None
    has_progressed: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


@contextmanager
def attempting(deadline: Deadline | None = None) -> Iterator[Attempt]:
    """Tell the functions below until when this thread may work on its task."""
    attempt = Attempt(deadline)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


def check_time() -> None:
    """Stop this thread's task while there is still time to stop it cleanly; see `note_kept`.

    Called wherever a task can be resumed: it is run again from its beginning, and finds what was
    stored.

    Raises:
        OutOfTime: the invocation ends soon.
    """
    attempt = _attempt.get()
    if attempt is None or attempt.deadline is None or attempt.deadline.left_s > TASK_STOP_BEFORE_S:
        return
    raise OutOfTime(
        "The work got no further before its invocation of the function ended. Work that cannot "
        "be resumed has to fit into one: see REGISTRY_CONTENT_MAX_BYTES."
    )


def is_timed() -> bool:
    """Whether this thread's task has to end before an invocation does."""
    attempt = _attempt.get()
    return attempt is not None and attempt.deadline is not None


def note_kept() -> None:
    """Note that the work so far is stored, so that a pause from here on loses nothing."""
    attempt = _attempt.get()
    if attempt is not None:
        attempt.has_progressed = True


def in_time(keys: Iterable[str]) -> Iterator[str]:
    """Yield keys to delete while there is time; what is deleted need not be done again.

    Raises:
        OutOfTime: see `check_time`.
    """
    for number, key in enumerate(keys):
        if number == DELETE_BATCH_KEYS:
            note_kept()  # The first batch is deleted by now.
        check_time()
        yield key
