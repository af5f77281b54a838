"""The steps of a registration, as the rows of its revision and its tasks tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from artifacts.enums import ContentState, TaskState
from artifacts.models import Revision, Task


class StepState(StrEnum):
    """How far one step is."""

    DONE = "done"
    RUNNING = "running"
    # It begins as soon as a worker is free.
    DUE = "due"
    # An attempt failed, and another follows.
    RETRYING = "retrying"
    # Something else comes before it.
    LATER = "later"
    LEFT_OUT = "left_out"
    CANCELLED = "cancelled"
    FAILED = "failed"


_ENDED = {
    TaskState.SUCCEEDED: StepState.DONE,
    TaskState.CANCELLED: StepState.CANCELLED,
    TaskState.FAILED: StepState.FAILED,
}


@dataclass(frozen=True)
class Step:
    """One step of it.

    Attributes:
        name: "source", "rating", "files", or that of another job.
        attempt: which attempt this is, or was the last; 0 before the first.
        error: why the last attempt failed, or why it is left out; "" for neither.
        next_at: when it is tried again; None if it is not waiting for that.
        total_bytes: None for unknown.
    """

    name: str
    state: StepState
    attempt: int = 0
    attempts_max: int = 0
    error: str = ""
    next_at: datetime | None = None
    done_bytes: int = 0
    total_bytes: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state not in (
            StepState.DONE, StepState.LEFT_OUT, StepState.CANCELLED, StepState.FAILED,
        )  # fmt: skip

    @property
    def is_soon(self) -> bool:
        """Whether it is tried again within a minute."""
        return self.next_at is not None and self.next_at < timezone.now() + timedelta(minutes=1)

    @property
    def share(self) -> float | None:
        """How much of its bytes is done, from 0 to 1; None if that is unknown."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else None


def show_rating_step(revision: Revision, task: Task | None) -> Step:
    """Return how far the rating of a model is; without its task nothing will complete it."""
    rating = revision.current_rating
    if rating is not None and not rating.is_incomplete:
        return Step("rating", StepState.DONE)
    if task is None or task.state == TaskState.SUCCEEDED:
        return Step("rating", StepState.DONE if rating is not None else StepState.LATER)
    return show_task("rating", task)


def show_files_step(revision: Revision, task: Task | None) -> Step:
    """Return how far the files are."""
    reason = revision.content_reason
    if revision.content_state == ContentState.STORED:
        return Step("files", StepState.DONE, error=reason, total_bytes=revision.size_bytes)
    if revision.content_state == ContentState.LINK_ONLY:
        return Step("files", StepState.LEFT_OUT, error=reason)
    is_retried = task is not None and task.is_open
    if revision.content_state == ContentState.FAILED and not is_retried:
        return Step("files", StepState.FAILED, error=reason)
    if task is None:
        return Step("files", StepState.CANCELLED, total_bytes=revision.size_bytes)
    return show_task("files", task, revision.size_bytes)


def show_task(name: str, task: Task, total_bytes: int | None = None) -> Step:
    """Return how far a task is."""
    now = timezone.now()
    state = _ENDED.get(TaskState(task.state), StepState.DUE)
    if task.state == TaskState.RUNNING and task.due_at > now:  # Its worker is alive.
        state = StepState.RUNNING
    is_later = task.state == TaskState.READY and task.due_at > now
    if is_later:
        state = StepState.RETRYING
    return Step(
        name=name,
        state=state,
        attempt=task.attempts,
        attempts_max=task.attempts_max,
        error=task.told_error,
        next_at=task.due_at if is_later else None,
        done_bytes=task.done_bytes,
        total_bytes=task.total_bytes if task.total_bytes is not None else total_bytes,
    )
