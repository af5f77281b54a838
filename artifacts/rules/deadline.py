"""The moment by which a piece of work must end."""

import time


class Deadline:
    """A moment on the monotonic clock, a number of seconds after its creation."""

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._ends_at_s = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        """Remaining seconds, never below zero."""
        return max(0.0, self._ends_at_s - time.monotonic())
