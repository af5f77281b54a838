"""What Lambda's events do with tasks; `registry_site/lambda_handler.py` calls these functions.

An event is only a wake-up: it may come twice, late or never, and the row decides what is done.
Nothing continues after one of these functions returns, since the instance is frozen then.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import close_old_connections

from artifacts.database import outages
from artifacts.database.errors import find_fault, make_registry_error
from artifacts.limits import TASK_START_MIN_S
from artifacts.request_id import new_request_id
from artifacts.rules.deadline import Deadline
from artifacts.selectors.upkeep.queue import get_queue
from artifacts.services.trust import searches
from artifacts.services.upkeep import activity, housekeeping
from artifacts.services.upkeep.watching import watch_generation
from artifacts.tasks.runner import run_one

logger = logging.getLogger(__name__)


class EventFailed(Exception):
    """Handling an event failed; Lambda counts the failure and sends the event again.

    Lambda logs the text and traceback of an exception as they are, so this one contains nothing of
    its cause, which was logged before.
    """

    def __init__(self) -> None:
        """Say where the cause was logged."""
        super().__init__("The event failed; the line before this one says why.")


def run_task(task_id: UUID, seconds_left: float) -> int:
    """Run a task if it is due, then other due tasks: there are fewer wake-ups than tasks.

    A task that is unknown, cancelled, done, or leased to another worker is not due.

    Returns:
        The number of tasks that were worked on.
    """
    with _event(seconds_left) as (worker, deadline):
        if not run_one(worker, task_id, deadline):
            logger.info("task.not_due", extra={"task": str(task_id)})
            return 0
        return 1 + _run_due(worker, deadline)


def run_due(seconds_left: float) -> int:
    """Run due tasks, the one that has been due for longest first, while there is time.

    Called every minute, so that its log line shows the state of the queue, and a missing line that
    the schedule does not run.

    Returns:
        The number of tasks that were worked on.
    """
    with _event(seconds_left) as (worker, deadline):
        queue = get_queue()
        figures = {"due": queue.due, "overdue_s": round(queue.overdue_s, 1)}
        logger.info("tasks.counted", extra=figures | {"postponed": queue.postponed})
        watch_generation()
        return int(run_one(worker, deadline=deadline)) + _run_due(worker, deadline)


def keep_house(seconds_left: float) -> None:
    """Clean up; what the end of the invocation interrupts begins again the next day."""
    with _event(seconds_left):
        housekeeping.keep_house()


def _run_due(worker: str, deadline: Deadline) -> int:
    """Run due tasks, one after the other, while there is time for one more."""
    done = 0
    while deadline.left_s >= TASK_START_MIN_S and run_one(worker, deadline=deadline):
        done += 1
    return done


@contextmanager
def _event(seconds_left: float) -> Iterator[tuple[str, Deadline]]:
    """Do for an event what Django does for a request; yield the worker's name and the deadline.

    Each event has a worker name of its own, so that no lease is taken for an earlier event's.
    """
    close_old_connections()
    try:
        with new_request_id():
            try:
                yield f"lambda-{uuid.uuid4()}", Deadline(seconds_left)
            except Exception as error:  # noqa: BLE001  (the boundary of all events; Lambda is told)
                _report(error)
                raise EventFailed from None
            # Counts of what this instance answered would otherwise freeze with it.
            activity.flush()
            outages.write()
            searches.write_searches()
    finally:
        close_old_connections()


def _report(error: Exception) -> None:
    """Log that an event failed."""
    fault = find_fault(error)
    if fault is not None and make_registry_error(error) is not None:
        logger.error("database.failed", exc_info=error, extra={"fault": fault.name.lower()})
    else:
        logger.error("event.failed", exc_info=error)
