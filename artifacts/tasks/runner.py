"""Runs tasks under a lease, and turns what happens to them into the row's state."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import Error, connection

from artifacts.exceptions import RegistryError
from artifacts.limits import TASK_LEASE_S
from artifacts.models import Task
from artifacts.rules.budget import in_task
from artifacts.services import leases
from artifacts.services.database_errors import registry_error_of
from artifacts.services.transactions import writing
from artifacts.sources.base import Deadline
from artifacts.tasks import jobs
from artifacts.tasks.backend import wake

logger = logging.getLogger(__name__)


def run_one(worker: str, task_id: UUID | None = None, deadline: Deadline | None = None) -> bool:
    """Run the task that has been due for longest, or a certain one.

    Args:
        deadline: when the invocation ends that this runs in. A task that is not done by then stops
            before it, and is called for again.

    Returns:
        False when there was nothing to do.
    """
    task = leases.lease_next(worker, task_id)
    if task is None:
        return False
    if task.attempts > task.attempts_max:
        # Its workers died every time: whatever it does to them, it does no more.
        _give_up(task, RegistryError("Every attempt ended without a result; the worker was lost."))
        return True
    with leases.holding(task, deadline) as held:
        _run(held)
    return True


def _run(held: leases.Held) -> None:
    """Do what a task says, and write into its row what came of it."""
    task = held.task
    try:
        with _kept_lease(task), in_task():
            getattr(jobs, task.name).call(artifact_id=task.artifact_id, **task.arguments)
    except leases.OutOfTime as error:
        if held.has_progressed:
            leases.pause_task(task)
            wake(task.id)
        else:
            _fail(task, error)
    except leases.LeaseLost:
        # Whoever has the task now, or cancelled it, has the last word about it.
        logger.info("task.lease_lost", extra={"task": str(task.id), "job": task.name})
    except RegistryError as error:
        _fail(task, error)
    except Error as error:
        _fail_by_database(task, error)
    except Exception as error:  # The boundary of all jobs: reported, kept with the row, retried.
        logger.exception("task.crashed", extra={"task": str(task.id), "job": task.name})
        _fail(task, error)
    else:
        leases.finish_task(task)


def _fail_by_database(task: Task, error: Error) -> None:
    """Say in the registry's words what the database said: one that is lost comes back."""
    known = registry_error_of(error)
    if known is None or not known.retryable:
        logger.error("task.crashed", exc_info=error, extra={"task": str(task.id), "job": task.name})
    _fail(task, known if known is not None and known.retryable else error)


def _fail(task: Task, error: Exception) -> None:
    """Postpone a task, or end it and do what its end leaves to do: both or neither.

    Where the second cannot be done now, because the bucket is lost as well, the task stays as it
    is, and comes back when its lease is over.
    """
    try:
        # What is left to do may write in this way: it must not hold a row while it waits for that.
        with writing():
            if leases.fail_task(task, error):
                _after_failure(task, error)
    except RegistryError as another:
        logger.warning("task.not_given_up", extra={"task": str(task.id), "reason": another.message})


def _give_up(task: Task, error: RegistryError) -> None:
    """End a task that may not be attempted again."""
    task.attempts_max = 0
    _fail(task, error)


def _after_failure(task: Task, error: Exception) -> None:
    """Do what a job's failure leaves to do."""
    give_up = jobs.GIVE_UP.get(task.name)
    if give_up is not None:
        reason = error.message if isinstance(error, RegistryError) else "An internal error."
        give_up(artifact_id=task.artifact_id, reason=reason, **task.arguments)


@contextmanager
def _kept_lease(task: Task) -> Iterator[None]:
    """Renew a task's lease from another thread as long as the task runs.

    A thread, because a transfer may rightly be silent for longer than a lease. It ends with the
    task: nothing outlives the call.
    """
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(TASK_LEASE_S / 3):
                try:
                    if not leases.renew_lease(task):
                        return
                except Error:
                    # The next renewal may succeed; if none does, the task goes to another worker.
                    logger.warning("task.lease_not_renewed", extra={"task": str(task.id)})
                    connection.close()
        finally:
            connection.close()

    keeper = threading.Thread(target=renew, name=f"lease-{task.id}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
