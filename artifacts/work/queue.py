"""Scheduling, retrying and cancelling tasks.

The row is the truth. `artifacts/tasks/table.py` says what a task does, `work/leases.py` how a
worker holds one.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artifacts.database import modes
from artifacts.enums import TaskState
from artifacts.exceptions import NotFound
from artifacts.models import Task, User
from artifacts.work import wake_ups
from artifacts.work.jobs import GONE_WHEN_GIVEN_UP, Job

logger = logging.getLogger(__name__)
_OPEN = (TaskState.READY, TaskState.RUNNING)
_CAN_BE_RETRIED = Q(state=TaskState.CANCELLED) | Q(state=TaskState.FAILED) & ~Q(
    name__in=GONE_WHEN_GIVEN_UP
)


def schedule(job: Job, *, artifact_id: str = "", **arguments: str | int) -> UUID:
    """Schedule a job to run after the surrounding transaction commits, and return its task's id.

    The task's row is written in the caller's transaction, so either both happen or neither. A
    failed wake-up does no harm, since only the row counts.

    Raises:
        RegistryReadOnly, RegistryClosed: nothing may be changed now, so no task is written.
    """
    modes.require_open()
    task_id = create_task(job, artifact_id=artifact_id, arguments=arguments).id
    _wake_on_commit(task_id)
    return task_id


def schedule_later(
    job: Job, *, delay_s: float, artifact_id: str = "", **arguments: str | int
) -> None:
    """Schedule a job to run after a delay; nobody is woken for it before.

    Raises:
        RegistryReadOnly, RegistryClosed: nothing may be changed now, so no task is written.
    """
    modes.require_open()
    create_task(job, artifact_id=artifact_id, arguments=arguments, delay_s=delay_s)


def schedule_next(job: Job, *, artifact_id: str = "", **arguments: str | int) -> None:
    """Schedule a job, unless the same one is waiting; one that runs may have read older rows."""
    _schedule_unless((TaskState.READY,), job, artifact_id, arguments)


def schedule_once(job: Job, *, artifact_id: str = "", **arguments: str | int) -> None:
    """Schedule a job, unless the same one is waiting or running."""
    _schedule_unless(_OPEN, job, artifact_id, arguments)


def _schedule_unless(
    states: Collection[TaskState], job: Job, artifact_id: str, arguments: dict[str, str | int]
) -> None:
    """Schedule a job, unless the same one is in one of some states."""
    same = Task.objects.filter(name=job, artifact_id=artifact_id, state__in=states)
    if all(task.arguments != arguments for task in same):
        schedule(job, artifact_id=artifact_id, **arguments)


def is_under_way(job: Job) -> bool:
    """Whether a job is waiting or running, for whatever artifact."""
    return Task.objects.filter(name=job, state__in=_OPEN).exists()


def create_task(
    job: str, *, artifact_id: str, arguments: Mapping[str, str | int], delay_s: float = 0.0
) -> Task:
    """Write the row of a new task that is due at once, or after a delay."""
    task = Task(
        name=str(job),
        artifact_id=artifact_id,
        arguments=dict(arguments),
        due_at=timezone.now() + timedelta(seconds=delay_s),
    )
    task.save(force_insert=True)
    return task


def retry_task(*, task_id: UUID, user: User) -> None:
    """Make a failed or cancelled task due at once, with its full number of attempts.

    Raises:
        NotFound: there is no such task, it is neither failed nor cancelled, or what it was about
            is gone.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    changed = Task.objects.filter(_CAN_BE_RETRIED, id=task_id).update(
        state=TaskState.READY, attempts=0, due_at=timezone.now(), finished_at=None
    )
    if not changed:
        if Task.objects.filter(id=task_id, state=TaskState.FAILED).exists():
            raise NotFound("What this task worked on is gone since it was given up; begin anew.")
        raise NotFound("Only a failed or cancelled task can be retried, and this one is neither.")
    logger.info("task.retried", extra={"task": str(task_id), "user": user.username})
    _wake_on_commit(task_id)


def can_be_retried(task: Task) -> bool:
    """Return whether a task has ended badly and can still do its work."""
    is_gone = task.state == TaskState.FAILED and task.name in GONE_WHEN_GIVEN_UP
    return task.state in (TaskState.FAILED, TaskState.CANCELLED) and not is_gone


def retry_tasks(*, task_ids: Sequence[UUID], user: User) -> int:
    """Make those of many tasks due at once that failed or were cancelled.

    Returns:
        How many there were.

    Raises:
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    ended = Task.objects.filter(_CAN_BE_RETRIED, id__in=task_ids)
    changed = ended.update(
        state=TaskState.READY, attempts=0, due_at=timezone.now(), finished_at=None
    )
    if changed:
        logger.info("tasks.retried", extra={"tasks": changed, "user": user.username})
        _wake_on_commit(task_ids[0])
    return changed


def cancel_task(*, task_id: UUID, user: User) -> None:
    """Cancel a waiting or running task; a running one stops when it next renews or reports.

    Raises:
        NotFound: there is no such task, or it has ended.
        RegistryReadOnly, RegistryClosed: nothing may be changed now.
    """
    modes.require_open()
    changed = Task.objects.filter(id=task_id, state__in=_OPEN).update(
        state=TaskState.CANCELLED, finished_at=timezone.now(), leased_until=None
    )
    if not changed:
        raise NotFound("Only a task that waits or runs can be cancelled, and this one has ended.")
    logger.info("task.cancelled", extra={"task": str(task_id), "user": user.username})


def _wake_on_commit(task_id: UUID) -> None:
    """Send a wake-up for a due task once other connections can see its row."""
    # No `partial`: if it fails, Django logs its name, and a `partial` has none.
    transaction.on_commit(lambda: wake_ups.wake(task_id), robust=True)
