"""What an operator sees: a line for each step with its duration, and advice when one fails."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class DeploymentFailed(Exception):
    """A step failed.

    Attributes:
        reason: what is wrong.
        advice: what to do next.
    """

    def __init__(self, reason: str, advice: str) -> None:
        """Keep the reason and the advice."""
        super().__init__(f"{reason} {advice}")
        self.reason = reason
        self.advice = advice


def stage_parser(command: str, description: str | None) -> argparse.ArgumentParser:
    """Return a parser of what a command for a stage is told: its name, and other settings."""
    parser = argparse.ArgumentParser(prog=f"deployment.{command}", description=description)
    parser.add_argument("stage")
    parser.add_argument("--settings", default="", help="read instead of zappa_settings.json")
    return parser


@dataclass
class Step:
    """A running step; findings can be noted for its line."""

    name: str
    note: str = ""


@dataclass
class Steps:
    """Prints steps as they end.

    Attributes:
        done: each step's name, whether it succeeded, and how long it took in seconds.
    """

    done: list[tuple[str, bool, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step, and print its line whether it succeeds or not."""
        step, started_at, succeeded = Step(name), time.monotonic(), False
        try:
            yield step
            succeeded = True
        finally:
            took_s = time.monotonic() - started_at
            self.done.append((name, succeeded, took_s))
            word = "ok    " if succeeded else "FAILED"
            say(f"{word} {took_s:7.1f} s  {name}" + (f": {step.note}" if step.note else ""))

    def summary(self) -> str:
        """Return how many steps were done and how long they took."""
        failed = [name for name, succeeded, _ in self.done if not succeeded]
        total_s = sum(took_s for _, _, took_s in self.done)
        ending = f"failed: {', '.join(failed)}" if failed else "none failed"
        return f"{len(self.done)} steps in {total_s:.0f} s, {ending}."


def say(line: str) -> None:
    """Print a line at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run_command(work: Callable[[Steps], str]) -> int:
    """Run an operator's command and print how it went.

    Args:
        work: gets the steps to print; returns the command's closing sentence, "" for none.

    Returns:
        The command's exit code: 1 when the work failed.
    """
    steps = Steps()
    try:
        closing = work(steps)
    except DeploymentFailed as failure:
        say(f"\nWrong: {failure.reason}\nNext:  {failure.advice}")
        return 1
    finally:
        if steps.done:
            say(steps.summary())
    if closing:
        say(closing)
    return 0
