"""How a process of the registry is told to stop, and how it is sure to end.

The one place with a signal handler, which does one thing: it sets a flag. A handler runs between
any two instructions of the main thread, in the middle of another handler too. What it might call
(an Event, a logger, an exception) may hold a lock at that moment, and would wait for itself.

Whoever works looks at the flag. Once somebody has seen it, the kernel itself ends the process after
a while: no lock, no thread and no library can prevent that.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Flag:
    """Whether somebody asked this process to stop."""

    is_set = False


_flag = _Flag()


def _set_flag(_number: int, _frame: FrameType | None) -> None:
    """Remember a signal. Nothing else may ever stand here."""
    _flag.is_set = True


def is_asked() -> bool:
    """Whether somebody asked this process to stop."""
    return _flag.is_set


def listen() -> None:
    """Let signals set the flag from now on, until this process ends.

    A terminal that is closed (SIGHUP) goes on not to matter where `nohup` said so.
    """
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _set_flag)


@contextmanager
def listening() -> Iterator[None]:
    """Let signals set the flag within the block; elsewhere than in the main thread, do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    listen()
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) != before[signal.SIGINT]:
            # A command that was called as a function: its caller lives on, with what it had.
            signal.setitimer(signal.ITIMER_REAL, 0)
            _flag.is_set = False
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)


def end_within(seconds: float) -> None:
    """Let the kernel end this process after so long, whatever it does then.

    To be called when stopping begins. Elsewhere than in the main thread nothing is done: the
    process belongs to somebody else.
    """
    if threading.current_thread() is threading.main_thread():
        # The default of SIGALRM ends a process without asking it (signal(7)).
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
