"""What came of the checks: each is told as it ends, and all are counted."""

import json
import time
from collections import Counter
from collections.abc import Callable

NOTE_MAX_CHARS = 600
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Failed(Exception):
    """A check did not hold; the text says what was seen."""


class Skipped(Exception):
    """A check cannot be made here; the text says why."""


class Tally:
    """Counts outcomes, and prints what did not pass at once.

    Attributes:
        ground: where the registry runs that is tried, as it stands in each line.
    """

    def __init__(self, *, is_verbose: bool = False) -> None:
        self.counts: Counter[str] = Counter()
        self.is_verbose = is_verbose
        self.ground = ""
        self.failures: list[str] = []

    def note(self, outcome: str, name: str, note: str = "", seconds: float = 0.0) -> None:
        """Count an outcome."""
        self.counts[outcome] += 1
        line = f"{outcome:8}{self.ground}: {name}"
        if note:
            line += f"\n        {note[:NOTE_MAX_CHARS]}"
        if outcome == FAILED:
            self.failures.append(line)
        if self.is_verbose or outcome != PASSED:
            print(f"{line} ({seconds:.1f} s)" if self.is_verbose else line, flush=True)

    def take(self, name: str, line: str) -> None:
        """Count what a client's program said of one check, in a line of JSON."""
        told = json.loads(line)
        self.note(told["outcome"], f"{name}: {told['check']}", told["note"], told["seconds"])

    def check(self, name: str, made: Callable[[], object]) -> None:
        """Make one check of our own."""
        started = time.monotonic()
        outcome, note = PASSED, ""
        try:
            said = made()
            note = str(said) if said is not None and self.is_verbose else ""
        except Skipped as reason:
            outcome, note = SKIPPED, str(reason)
        except Failed as reason:
            outcome, note = FAILED, str(reason)
        except Exception as error:  # noqa: BLE001  (a check that breaks off has failed)
            outcome, note = FAILED, f"{type(error).__name__}: {error}"
        self.note(outcome, name, note, time.monotonic() - started)

    def summary(self) -> str:
        """Return the line that ends the run."""
        return ", ".join(f"{self.counts[each]} {each}" for each in (PASSED, FAILED, SKIPPED))
