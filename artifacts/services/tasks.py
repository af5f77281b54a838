"""Tasks as others see them: scheduled, retried, cancelled.

The row is the truth. What a task does is in `artifacts/tasks/jobs.py`; how a worker holds one is in
`services/leases.py`.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any
from uuid import UUID

from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import NotFound
from artifacts.models import Task, User

logger = logging.getLogger(__name__)


def schedule(name: str, *, artifact_id: str = "", arguments: dict[str, Any] | None = None) -> None:
    """Have a job done after the surrounding transaction, if that commits.

    The job's row is written in the caller's transaction: either both happen or neither. The jobs
    are a door above this room, so they are looked up by name when they are needed.
    """
    job = getattr(import_module("artifacts.tasks.jobs"), name)
    job.enqueue(artifact_id=artifact_id, **(arguments or {}))


def create_task(name: str, *, artifact_id: str, arguments: dict[str, Any]) -> Task:
    """Write the row of a new task, due at once."""
    task = Task(name=name, artifact_id=artifact_id, arguments=arguments, due_at=timezone.now())
    task.save(force_insert=True)
    return task


def is_scheduled(name: str, artifact_id: str, arguments: dict[str, Any]) -> bool:
    """Whether the same job is waiting or running."""
    waiting = Task.objects.filter(
        name=name, artifact_id=artifact_id, state__in=(TaskState.READY, TaskState.RUNNING)
    )
    return any(task.arguments == arguments for task in waiting)


def retry_task(*, task_id: UUID, user: User) -> None:
    """Make a failed or cancelled task due at once, with all its attempts.

    Raises:
        NotFound: there is no such task, or it is neither failed nor cancelled.
    """
    changed = Task.objects.filter(
        id=task_id, state__in=(TaskState.FAILED, TaskState.CANCELLED)
    ).update(state=TaskState.READY, attempts=0, due_at=timezone.now(), finished_at=None)
    if not changed:
        raise NotFound("Only a failed or cancelled task can be retried, and this one is neither.")
    logger.info("task.retried", extra={"task": str(task_id), "user": user.username})
    _wake(task_id)


def cancel_task(*, task_id: UUID, user: User) -> None:
    """Stop a task that waits or runs; a running one stops at its next sign of life.

    Raises:
        NotFound: there is no such task, or it has ended.
    """
    changed = Task.objects.filter(
        id=task_id, state__in=(TaskState.READY, TaskState.RUNNING)
    ).update(state=TaskState.CANCELLED, finished_at=timezone.now(), leased_until=None)
    if not changed:
        raise NotFound("Only a task that waits or runs can be cancelled, and this one has ended.")
    logger.info("task.cancelled", extra={"task": str(task_id), "user": user.username})


def _wake(task_id: UUID) -> None:
    """Have somebody look at a task that became due."""
    import_module("artifacts.tasks.backend").wake(task_id)
