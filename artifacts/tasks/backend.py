"""Delivers jobs through the interface of django-tasks, with our row as the truth."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task as Job
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from artifacts import functions
from artifacts.enums import TaskState
from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_REST_S, WAKE_UPS_MAX, WAKE_UPS_WINDOW_S
from artifacts.models import Task
from artifacts.services import tasks

logger = logging.getLogger(__name__)

_STATUS = {
    TaskState.READY: TaskResultStatus.READY,
    TaskState.RUNNING: TaskResultStatus.RUNNING,
    TaskState.SUCCEEDED: TaskResultStatus.SUCCESSFUL,
    TaskState.FAILED: TaskResultStatus.FAILED,
    TaskState.CANCELLED: TaskResultStatus.FAILED,
}


class RegistryTaskBackend(BaseTaskBackend):
    """Writes a row for each job, and wakes a worker once the row is committed."""

    supports_get_result = True

    def enqueue(self, task: Job[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write the row; jobs take keyword arguments only, one of them `artifact_id`."""
        if args:
            raise TypeError(f"The job {task.name} takes keyword arguments only.")
        arguments = dict(kwargs)
        row = tasks.create_task(
            task.name, artifact_id=arguments.pop("artifact_id", ""), arguments=arguments
        )
        # The row is what counts: a wake-up that fails must not look like a failed registration.
        transaction.on_commit(partial(wake, row.id), robust=True)
        return _result(row, task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Return the state of a job.

        Raises:
            TaskResultDoesNotExist: no row has this id.
        """
        from artifacts.tasks import jobs

        try:
            row = Task.objects.get(id=result_id)
        except (Task.DoesNotExist, ValidationError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return _result(row, getattr(jobs, row.name))


def wake(task_id: UUID) -> None:
    """See to it that a task which is due gets done, in the way that the settings name.

    `immediate` does it here and now. A worker process looks at the table by itself. On Lambda the
    function is called once more; where that fails, the event of every minute finds the task.
    """
    if settings.REGISTRY_TASKS == "immediate":
        from artifacts.tasks.runner import run_one

        run_one("immediate", task_id)
    elif settings.REGISTRY_TASKS == "lambda" and _wake_ups.may_send():
        try:
            functions.send_event({"registry_task": str(task_id)})
        except FunctionUnavailable as error:
            _wake_ups.rest()
            logger.warning(
                "task.wake_failed", extra={"task": str(task_id), "reason": error.message}
            )


class _WakeUps:
    """How many wake-ups this process sends: enough, but not one for each of a thousand tasks."""

    def __init__(self) -> None:
        """Nothing was sent yet."""
        self._lock = threading.Lock()
        self._window_ends_at = 0.0
        self._sent = 0

    def may_send(self) -> bool:
        """Whether one more may be sent; if so, it counts as sent."""
        with self._lock:
            now = time.monotonic()
            if now >= self._window_ends_at:
                self._window_ends_at, self._sent = now + WAKE_UPS_WINDOW_S, 0
            self._sent += 1
            return self._sent <= WAKE_UPS_MAX

    def rest(self) -> None:
        """Send none for a while: Lambda does not answer, and every request would wait for it."""
        with self._lock:
            self._window_ends_at = time.monotonic() + WAKE_UP_REST_S
            self._sent = WAKE_UPS_MAX


_wake_ups = _WakeUps()


def _result(row: Task, job: Job[..., Any]) -> TaskResult[Any]:
    """Show a row in the words of django-tasks."""
    return TaskResult(
        task=job,
        id=str(row.id),
        status=_STATUS[TaskState(row.state)],
        enqueued_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        last_attempted_at=row.started_at,
        args=[],
        kwargs={**row.arguments, "artifact_id": row.artifact_id},
        backend="default",
        errors=[],
        worker_ids=[row.leased_by] if row.leased_by else [],
    )
