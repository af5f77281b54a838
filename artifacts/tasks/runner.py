"""Runs tasks under a lease and records the outcome in their rows."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import Error, connection

from artifacts.database import modes
from artifacts.database.errors import make_registry_error
from artifacts.database.transactions import writing
from artifacts.exceptions import RegistryError
from artifacts.limits import TASK_LEASE_S
from artifacts.models import Task
from artifacts.rules.budget import in_task
from artifacts.rules.deadline import Deadline
from artifacts.tasks.table import TABLE, Row
from artifacts.work import clock, leases
from artifacts.work.wake_ups import wake

logger = logging.getLogger(__name__)


def run_one(worker: str, task_id: UUID | None = None, deadline: Deadline | None = None) -> bool:
    """Run the task that has been due for longest, or a certain one.

    Args:
        deadline: when the surrounding invocation ends. A task that is not done by then stops
            shortly before, and another invocation continues it.

    Returns:
        False if there was nothing to do, or the registry is not open; then tasks stay due.
    """
    if not modes.is_open():
        return False
    task = leases.lease_next(worker, task_id)
    if task is None:
        return False
    if task.attempts > task.attempts_max:
        # Its workers died every time, so it must not run again.
        _give_up(task, RegistryError("Every attempt ended without a result; the worker was lost."))
        return True
    with leases.holding(task), clock.attempting(deadline) as attempt:
        _attempt(task, attempt)
    return True


def _attempt(task: Task, attempt: clock.Attempt) -> None:
    """Run a task and record the outcome in its row."""
    try:
        with _kept_lease(task), in_task():
            _do(task)
    except clock.OutOfTime as error:
        if attempt.has_progressed:
            leases.pause_task(task)
            wake(task.id)
        else:
            _fail(task, error)
    except leases.LeaseLost:
        # The worker that has the task now, or the user who cancelled it, decides about it.
        logger.info("task.lease_lost", extra={"task": str(task.id), "job": task.name})
    except RegistryError as error:
        _fail(task, error)
    except Error as error:
        # Translated, because an error of a database that is down is worth a retry.
        known = make_registry_error(error)
        _fail(task, known if known is not None and known.retryable else error)
    except Exception as error:  # noqa: BLE001  (the boundary of all jobs: reported, retried)
        _fail(task, error)
    else:
        leases.finish_task(task)


def _do(task: Task) -> None:
    """Call the function that runs a task's job.

    Raises:
        LookupError: the job belongs to an older or newer release, which may still run the task.
    """
    row = TABLE.get(task.name)
    if row is None:
        raise LookupError(f"This release has no job {task.name}.")
    about = {"artifact_id": task.artifact_id} if row.takes_artifact_id else {}
    row.run(**about, **task.arguments)


def _fail(task: Task, error: Exception) -> None:
    """Postpone a task, or end it and run its `GiveUp`, both or neither; then log it.

    If `GiveUp` cannot run now, because the bucket is down as well, the task stays as it is, and
    becomes due again when its lease ends.
    """
    event, row = "task.postponed", TABLE.get(task.name)
    try:
        # `GiveUp` may enter `writing` itself: it must not hold a row lock while it waits for that.
        with writing():
            if leases.fail_task(task, error, patience_s=row.patience_s if row else 0.0):
                event = _give_up_rest(task, row, error)
    except RegistryError as another:
        event = "task.not_given_up"
        error = another if isinstance(error, RegistryError) else error
    _report(event, task, error)


def _report(event: str, task: Task, error: Exception) -> None:
    """Log that an attempt failed, and with which result."""
    fields = {"task": str(task.id), "job": task.name, "artifact": task.artifact_id}
    if isinstance(error, RegistryError):
        logger.warning(event, extra=fields | {"reason": error.message})
    else:
        logger.error("task.crashed", exc_info=error, extra=fields | {"outcome": event})


def _give_up(task: Task, error: RegistryError) -> None:
    """End a task that may not be attempted again."""
    task.attempts_max = 0
    _fail(task, error)


def _give_up_rest(task: Task, row: Row | None, error: Exception) -> str:
    """Run the `GiveUp` of a job that failed for good, and return the name of the event to log."""
    give_up = row.give_up if row else None
    reason = error.message if isinstance(error, RegistryError) else "An internal error."
    if give_up and give_up.run(artifact_id=task.artifact_id, reason=reason, **task.arguments):
        return give_up.event
    return "task.failed"


@contextmanager
def _kept_lease(task: Task) -> Iterator[None]:
    """Renew a task's lease in another thread while the task runs.

    It takes a thread, because a transfer may rightly report nothing for longer than a lease. The
    thread ends with the task.
    """
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(TASK_LEASE_S / 3):
                try:
                    if not leases.renew_lease(task):
                        return
                except Error:
                    # The next renewal may succeed; if none does, another worker gets the task.
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
