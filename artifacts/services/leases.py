"""How a worker holds a task: leased, renewed, finished, failed.

`services/tasks.py` has what others do with tasks.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import (
    DatabaseUnavailable,
    RatingIncomplete,
    RegistryError,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.limits import (
    DELETE_BATCH_KEYS,
    TASK_BACKOFF_BASE_S,
    TASK_BACKOFF_FACTOR,
    TASK_BACKOFF_MAX_S,
    TASK_ERROR_MAX_CHARS,
    TASK_LEASE_S,
    TASK_PATIENCE_S,
    TASK_PROGRESS_INTERVAL_S,
    TASK_STOP_BEFORE_S,
)
from artifacts.models import Task
from artifacts.rules.text import storable
from artifacts.sources.base import Deadline

logger = logging.getLogger(__name__)

_OURS = (DatabaseUnavailable, StorageUnavailable)
_SILENCE = (SourceUnavailable, RatingIncomplete)
_PATIENT_JOBS = ("mirror_revision", "rate_model")


class LeaseLost(RegistryError):
    """The task is no longer this worker's: it was cancelled, or given to another worker."""

    code = "lease_lost"


class OutOfTime(RegistryError):
    """The task has to stop before its invocation ends, and goes on in another one."""

    code = "out_of_time"
    retryable = True


@dataclass
class Held:
    """The task that this thread works on.

    Attributes:
        deadline: when the invocation ends that the task runs in; None where nothing ends it.
        has_progressed: something was kept that need not be done again.
        written_at: when how far it is was last written.
    """

    task: Task
    deadline: Deadline | None = None
    has_progressed: bool = False
    written_at: float = 0.0


_held: ContextVar[Held | None] = ContextVar("held_task", default=None)


def lease_next(worker: str, task_id: UUID | None = None) -> Task | None:
    """Take the task that has been due for longest, or a certain one if it is due.

    While a task runs, `due_at` is the end of its lease: a task whose worker died becomes due again
    by itself. On PostgreSQL, workers that look at the same moment pass over each other's rows; on
    SQLite the transaction has begun as a writer, so they take turns.

    Returns:
        The task, now running under this worker's lease, or None when nothing is due.
    """
    now = timezone.now()
    with transaction.atomic():
        due = Task.objects.filter(state__in=(TaskState.READY, TaskState.RUNNING), due_at__lte=now)
        if task_id is not None:
            due = due.filter(id=task_id)
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
    """Whether a task is due. Costs no write lock, unlike `lease_next`."""
    return Task.objects.filter(
        state__in=(TaskState.READY, TaskState.RUNNING), due_at__lte=timezone.now()
    ).exists()


def renew_lease(task: Task) -> bool:
    """Keep a task for another lease.

    Returns:
        False when the task is no longer this worker's: it was cancelled, or given to another one.
    """
    until = timezone.now() + timedelta(seconds=TASK_LEASE_S)
    return bool(_own(task).update(leased_until=until, due_at=until))


def finish_task(task: Task) -> None:
    """Record that a task is done."""
    _own(task).update(
        state=TaskState.SUCCEEDED, finished_at=timezone.now(), leased_until=None, error=""
    )
    logger.info("task.succeeded", extra={"task": str(task.id), "job": task.name})


def fail_task(task: Task, error: Exception) -> bool:
    """Record that an attempt failed, and when to try again if that can help.

    Returns:
        True when the task has failed for good, and it was still this worker's to say so.
    """
    final = not is_retryable(error) or _is_last(task, error)
    text = error.message if isinstance(error, RegistryError) else f"{type(error).__name__}: {error}"
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
    final = bool(_own(task).update(**changes)) and final
    logger.warning(
        "task.failed" if final else "task.postponed",
        extra={"task": str(task.id), "job": task.name, "error": text},
    )
    return final


def _is_last(task: Task, error: Exception) -> bool:
    """Whether this was the last attempt.

    A component of ours comes back, however long that takes: no task is given up for want of it.
    What is registered waits for its source longer than a registration that waits for its own.
    """
    if task.attempts < task.attempts_max or isinstance(error, _OURS):
        return False
    waits = task.name in _PATIENT_JOBS and isinstance(error, _SILENCE)
    return not waits or timezone.now() - task.created_at > timedelta(seconds=TASK_PATIENCE_S)


def pause_task(task: Task) -> None:
    """Let another invocation go on with a task at once; this attempt does not count."""
    _own(task).update(
        state=TaskState.READY,
        due_at=timezone.now(),
        attempts=task.attempts - 1,
        leased_until=None,
    )
    logger.info("task.paused", extra={"task": str(task.id), "job": task.name})


def is_retryable(error: Exception) -> bool:
    """Whether trying again may help: yes unless the registry knows better."""
    return error.retryable if isinstance(error, RegistryError) else True


def backoff(attempts: int, error: Exception | None = None) -> timedelta:
    """Return how long to wait after so many attempts, or longer if the source asked for it.

    A random tenth is added, so that what failed together does not come back together.
    """
    seconds = min(TASK_BACKOFF_BASE_S * TASK_BACKOFF_FACTOR ** (attempts - 1), TASK_BACKOFF_MAX_S)
    seconds = max(seconds, getattr(error, "retry_after_s", None) or 0.0)
    return timedelta(seconds=seconds * (1 + random.random() / 10))  # noqa: S311  (no secret)


def in_time(keys: Iterable[str]) -> Iterator[str]:
    """Pass on keys that are being deleted, as long as there is time; what is gone stays gone.

    Raises:
        OutOfTime: see `check_time`.
    """
    for number, key in enumerate(keys):
        if number == DELETE_BATCH_KEYS:
            note_kept()  # The first batch is deleted by now.
        check_time()
        yield key


@contextmanager
def holding(task: Task, deadline: Deadline | None = None) -> Iterator[Held]:
    """Let the functions below know which task this thread works on, and until when."""
    held = Held(task, deadline)
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)


def check_time() -> None:
    """Stop the task of this thread while there is time to stop it well; see `note_kept`.

    To be called wherever a task can go on later: it is run again from its beginning, and finds
    what was kept.

    Raises:
        OutOfTime: its invocation ends soon.
    """
    held = _held.get()
    if held is None or held.deadline is None or held.deadline.left_s > TASK_STOP_BEFORE_S:
        return
    raise OutOfTime(
        "The work got no further before its invocation of the function ended. What cannot be "
        "taken up in the middle has to fit into one: see REGISTRY_CONTENT_MAX_BYTES."
    )


def is_timed() -> bool:
    """Whether the task of this thread has to end with an invocation."""
    held = _held.get()
    return held is not None and held.deadline is not None


def note_kept() -> None:
    """Say that what was done so far need not be done again: a pause from here on costs nothing."""
    held = _held.get()
    if held is not None:
        held.has_progressed = True


def report_progress(done_bytes: int, total_bytes: int | None = None) -> None:
    """Show how far the task of this thread is; outside of a task, do nothing.

    Raises:
        LeaseLost: the task was cancelled, or another worker has it now.
        OutOfTime: see `check_time`.
    """
    check_time()
    held = _held.get()
    now = time.monotonic()
    if held is None or now - held.written_at < TASK_PROGRESS_INTERVAL_S:
        return
    held.written_at = now
    if not _own(held.task).update(done_bytes=done_bytes, total_bytes=total_bytes):
        raise LeaseLost("The task was cancelled, or another worker has it now.")


def _own(task: Task) -> Any:
    """The task's row, as long as this worker's lease on it holds."""
    return Task.objects.filter(
        id=task.id, state=TaskState.RUNNING, leased_by=task.leased_by, attempts=task.attempts
    )
