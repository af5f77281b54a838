"""How a worker leases a task, renews the lease, finishes or fails the task.

`work/queue.py` contains what others do with tasks, `work/clock.py` the deadline of an attempt.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from artifacts.database import outages
from artifacts.enums import TaskState
from artifacts.exceptions import (
    DatabaseUnavailable,
    NotJoined,
    RatingIncomplete,
    RegistryError,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.limits import (
    TASK_BACKOFF_BASE_S,
    TASK_BACKOFF_FACTOR,
    TASK_BACKOFF_MAX_S,
    TASK_ERROR_MAX_CHARS,
    TASK_LEASE_S,
    TASK_PROGRESS_INTERVAL_S,
)
from artifacts.models import INTERNAL_ERROR, Task
from artifacts.rules.text import storable
from artifacts.work import clock, task_slots

logger = logging.getLogger(__name__)

_OURS = (DatabaseUnavailable, StorageUnavailable, NotJoined)
_SILENCE = (SourceUnavailable, RatingIncomplete)


class LeaseLost(RegistryError):
    """The task is no longer this worker's: it was cancelled, or given to another worker."""

    code = "lease_lost"


@dataclass
class Held:
    """The task that this thread works on.

    Attributes:
        written_at: when its progress was last written.
    """

    task: Task
    written_at: float = 0.0


_held: ContextVar[Held | None] = ContextVar("held_task", default=None)


def lease_next(worker: str, task_id: UUID | None = None) -> Task | None:
    """Take the task that has been due for longest, or a certain one if it is due.

    While a task runs, `due_at` is the end of its lease, so a task whose worker died becomes due
    again by itself. On PostgreSQL, workers that look at the same moment skip each other's rows; on
    SQLite the transaction has begun as a writer, so they take turns. If all places for running
    tasks are taken (`task_slots`), due tasks wait for the next worker.

    Returns:
        The task, now running under this worker's lease, or None if there is nothing to do now.
    """
    now = timezone.now()
    with transaction.atomic():
        due = Task.objects.filter(Task.is_waiting_or_running(), due_at__lte=now)
        if task_id is not None:
            due = due.filter(id=task_id)
        due = task_slots.only_startable(due, now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        task = due.order_by("due_at").first()
        if task is None:
            return None
        task.state = TaskState.RUNNING
        task.attempts += 1
        task.leased_by = worker
        task.leased_until = task.due_at = now + timedelta(seconds=TASK_LEASE_S)
        task.started_at = now
        task.save(
            update_fields=["state", "attempts", "leased_by", "leased_until", "due_at", "started_at"]
        )
    return task


def anything_due() -> bool:
    """Whether a task is due. Takes no write lock, unlike `lease_next`."""
    return Task.objects.filter(Task.is_waiting_or_running(), due_at__lte=timezone.now()).exists()


def renew_lease(task: Task) -> bool:
    """Renew the lease on a task.

    Returns:
        False if the task is no longer this worker's: it was cancelled, or given to another one.
    """
    until = timezone.now() + timedelta(seconds=TASK_LEASE_S)
    return bool(_own(task).update(leased_until=until, due_at=until))


def finish_task(task: Task) -> None:
    """Record that a task is done."""
    _own(task).update(
        state=TaskState.SUCCEEDED, finished_at=timezone.now(), leased_until=None, error=""
    )
    logger.info("task.succeeded", extra={"task": str(task.id), "job": task.name})


def fail_task(task: Task, error: Exception, *, patience_s: float = 0.0) -> bool:
    """Record that an attempt failed, and when to try again if that can help.

    Args:
        patience_s: for how long after it was scheduled a silent source does not end the task.

    Returns:
        True if the task has failed for good and was still this worker's.
    """
    outages.note(error)
    final = not is_retryable(error) or _is_last(task, error, patience_s)
    crash = f"{INTERNAL_ERROR} {type(error).__name__}: {error}"
    text = error.message if isinstance(error, RegistryError) else crash
    now = timezone.now()
    changes: dict[str, Any] = {"error": storable(text)[:TASK_ERROR_MAX_CHARS], "leased_until": None}
    if final:
        changes |= {"state": TaskState.FAILED, "finished_at": now}
    else:
        changes |= {
            "state": TaskState.READY,
            "due_at": now + backoff(task.attempts, error),
            "attempts": min(task.attempts, task.attempts_max - 1),
        }
    return bool(_own(task).update(**changes)) and final


def _is_last(task: Task, error: Exception, patience_s: float) -> bool:
    """Whether this was the last attempt.

    No task is given up because a component of ours is down, or because an operator has not yet
    joined a restored bucket and database: either ends sooner or later.
    """
    if task.attempts < task.attempts_max or isinstance(error, _OURS):
        return False
    age = timezone.now() - task.created_at
    return not isinstance(error, _SILENCE) or age >= timedelta(seconds=patience_s)


def pause_task(task: Task) -> None:
    """Let another invocation continue a task at once; this attempt does not count."""
    _own(task).update(
        state=TaskState.READY,
        due_at=timezone.now(),
        attempts=task.attempts - 1,
        leased_until=None,
    )
    logger.info("task.paused", extra={"task": str(task.id), "job": task.name})


def is_retryable(error: Exception) -> bool:
    """Whether trying again may help: True unless the error says otherwise."""
    return error.retryable if isinstance(error, RegistryError) else True


def backoff(attempts: int, error: Exception | None = None) -> timedelta:
    """Return how long to wait after so many attempts, or longer if the source asked for it.

    Up to a tenth is added at random, so that tasks that failed together do not all return together.
    """
    seconds = min(TASK_BACKOFF_BASE_S * TASK_BACKOFF_FACTOR ** (attempts - 1), TASK_BACKOFF_MAX_S)
    seconds = max(seconds, getattr(error, "retry_after_s", None) or 0.0)
    return timedelta(seconds=seconds * (1 + random.random() / 10))  # noqa: S311  (no secret)


@contextmanager
def holding(task: Task) -> Iterator[None]:
    """Tell the functions below which task this thread works on."""
    token = _held.set(Held(task))
    try:
        yield
    finally:
        _held.reset(token)


def report_progress(done_bytes: int, total_bytes: int | None = None) -> None:
    """Record the progress of this thread's task; outside of a task, do nothing.

    Raises:
        LeaseLost: the task was cancelled, or another worker has it now.
        OutOfTime: see `clock.check_time`.
    """
    clock.check_time()
    held = _held.get()
    now = time.monotonic()
    if held is None or now - held.written_at < TASK_PROGRESS_INTERVAL_S:
        return
    held.written_at = now
    if not _own(held.task).update(done_bytes=done_bytes, total_bytes=total_bytes):
        raise LeaseLost("The task was cancelled, or another worker has it now.")


def _own(task: Task) -> Any:
    """Return the task's row, if this worker's lease on it still holds."""
    return Task.objects.filter(
        id=task.id, state=TaskState.RUNNING, leased_by=task.leased_by, attempts=task.attempts
    )
