"""How a process of the registry learns that it must stop, and how it is sure to end.

This is the only place with a signal handler, and all it does is to set a flag. A handler runs
between any two instructions of the main thread, even within another handler. Anything that it calls
(an Event, a logger, an exception) may hold a lock at that moment, and would wait for itself.

Working code polls the flag. Once it has seen the flag, the kernel itself ends the process after a
while: no lock, thread or library can prevent that.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Flag:
    """Whether this process was asked to stop."""

    is_set = False


_flag = _Flag()


def _set_flag(_number: int, _frame: FrameType | None) -> None:
    """Remember a signal. Never do anything else here."""
    _flag.is_set = True


def is_asked() -> bool:
    """Say whether this process was asked to stop."""
    return _flag.is_set


def listen() -> None:
    """Let signals set the flag from now on, until this process ends.

    After `nohup`, a closed terminal (SIGHUP) is still ignored.
    """
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _set_flag)


@contextmanager
def listening() -> Iterator[None]:
    """Let signals set the flag within the block; outside the main thread, do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    listen()
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) != before[signal.SIGINT]:
            # The command was called as a function: its caller continues, with its former handlers.
            signal.setitimer(signal.ITIMER_REAL, 0)
            _flag.is_set = False
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)


def end_within(seconds: float) -> None:
    """Let the kernel end this process after so long, whatever it is doing then.

    Call it when stopping begins. Outside the main thread it does nothing, because the process
    belongs to another program.
    """
    if threading.current_thread() is threading.main_thread():
        # SIGALRM's default action ends a process unconditionally (signal(7)).
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
