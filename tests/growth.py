"""Whether work grows faster than its input, by CPU time with wide margins.

Sizes rise step by step, so that what takes time by powers of two is found before it takes for ever.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

# The sizes, in characters. At the last, quadratic work at a nanosecond a step takes 0.2 s.
SIZES = (*range(12, 48, 2), 64, 96, 128, 256, 512, 1_280, 5_120, 20_480)
# Nobody looks at how fast work grows that stays below this. Honest work takes a twentieth.
FREE_S = 0.010
ALLOWED_S_PER_CHAR = 4e-6
# Four times the input costs four times as much; quadratic work costs sixteen times as much.
ALLOWED_GROWTH = 8
# Whatever takes long over so little is wrong.
_SHORT_CHARS = 1_000
_TRIALS = 5
# A neighbour may slow the one measurement and not the other; what grows too fast does so each time.
_LOOKS = 3
# No other program on the machine makes so much of little.
_CLEAR_S = 0.5


def thread_s(call: Callable[[], object]) -> float:
    """CPU seconds of a call in this thread.

    Without looks for garbage: in a process that has run thousands of tests one takes longer than
    the work.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        begun = time.thread_time()
        call()
        return time.thread_time() - begun
    finally:
        if was_enabled:
            gc.enable()


def cpu_s(call: Callable[[], object]) -> float:
    """CPU seconds of a call, the least of several."""
    best = float("inf")
    for _ in range(_TRIALS):
        best = min(best, thread_s(call))
        if best < FREE_S or best > _CLEAR_S:
            break
    return best


def too_fast(
    work: Callable[[str], object], make: Callable[[int], str], sizes: tuple[int, ...] = SIZES
) -> str:
    """Return how work grows with the length of its text, where that is too fast; "" if it is not.

    Args:
        make: returns a text of about so many characters.
    """
    for size in sizes:
        found = ""
        for _ in range(_LOOKS):
            found = _too_fast_at(size, max(sizes[0], size // 4), work, make)
            if not found:
                break
        if found:
            return found
    return ""


def _too_fast_at(
    size: int, smaller: int, work: Callable[[str], object], make: Callable[[int], str]
) -> str:
    """Return how work grows from one length to another, where that is too fast."""
    seconds = _seconds(work, make(size))
    if seconds <= FREE_S + ALLOWED_S_PER_CHAR * size:
        return ""
    growth = seconds / max(_seconds(work, make(smaller)), FREE_S / ALLOWED_GROWTH)
    if growth > ALLOWED_GROWTH or size < _SHORT_CHARS:
        return f"{size:,} characters: {seconds:.3f} CPU s, {growth:.0f} times {smaller:,}"
    return ""


def _seconds(work: Callable[[str], object], text: str) -> float:
    """CPU seconds of work on a text."""
    return cpu_s(lambda: work(text))


def repeated(unit: str, tail: str = "", start: str = "") -> Callable[[int], str]:
    """Return what makes texts of a start, a unit again and again, and a tail."""

    def make(size: int) -> str:
        return start + unit * (size // len(unit) + 1) + tail

    return make
