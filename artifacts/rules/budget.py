"""The CPU time that judging a stranger's content may cost, in one place.

A cap on length does not bound time: 8,000 brackets of front matter once took eleven seconds. So
code that reads what a stranger wrote runs inside `judging` and calls `spend` as it goes; when the
CPU time is used up, `spend` raises `TooMuchToRead`. Nesting and multiplication have limits of their
own (`limits.judging`), which bound the memory and are the same on every machine.

Work between two calls of `spend` is not bounded here, so it must be small. A single call of C code
also blocks every other thread of the process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import (
    JUDGED_AT_ONCE_CPU_S,
    JUDGED_CHECK_INTERVAL_S,
    JUDGED_IN_TASK_CPU_S,
)

T = TypeVar("T")
# How many cheap things are judged between two checks of the budget.
_JUDGED_TOGETHER = 100


class Budget:
    """The CPU time of one judgement, counted for the thread that makes it."""

    def __init__(self, cpu_s: float, *, is_final: bool) -> None:
        """Start counting.

        Args:
            is_final: whether nobody will try again with a larger budget.
        """
        self._cpu_s, self._is_final = cpu_s, is_final
        self.thread = threading.get_ident()
        self._ends_at_s = time.thread_time() + cpu_s
        self._next_look_s = 0.0

    def spend(self, what: str) -> None:
        """Check the budget after some work on `what`.

        Raises:
            TooMuchToRead: the CPU time is used up.
        """
        # Reading the monotonic clock costs a tenth of reading the thread's CPU time.
        now_s = time.monotonic()
        if now_s < self._next_look_s:
            return
        if time.thread_time() > self._ends_at_s:
            # Further work in the same judgement is refused at once.
            self._next_look_s = 0.0
            raise TooMuchToRead(
                what,
                f"it takes over {self._cpu_s:g} seconds of work",
                try_later=not self._is_final,
            )
        self._next_look_s = now_s + JUDGED_CHECK_INTERVAL_S

    def each(self, things: Iterable[T], what: str) -> Iterator[T]:
        """Yield many things that each cost little to judge, such as paths.

        Raises:
            TooMuchToRead: together they cost too much.
        """
        for number, thing in enumerate(things, 1):
            yield thing
            if number % _JUDGED_TOGETHER == 0:
                self.spend(what)


# Whether a task makes the current judgement, so that nobody waits for it.
_is_in_task: ContextVar[bool] = ContextVar("judged_in_task", default=False)
_current: ContextVar[Budget | None] = ContextVar("judging", default=None)


@contextmanager
def in_task() -> Iterator[None]:
    """Give judgements the larger budget of a task."""
    token = _is_in_task.set(True)
    try:
        yield
    finally:
        _is_in_task.reset(token)


@contextmanager
def judging() -> Iterator[Budget]:
    """Begin a judgement, or continue the one that this thread is making."""
    current = _current.get()
    # Threads that query sources inherit the context of the thread that waits for them.
    if current is not None and current.thread == threading.get_ident():
        yield current
        return
    is_final = _is_in_task.get()
    budget = Budget(JUDGED_IN_TASK_CPU_S if is_final else JUDGED_AT_ONCE_CPU_S, is_final=is_final)
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)
