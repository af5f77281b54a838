"""What an event of Lambda does with tasks; `registry_site/lambda_handler.py` calls these.

An event is only a wake-up: it may come twice, late or never, and the row decides what is done.
Nothing goes on after one of these returns, since the instance is frozen then.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import close_old_connections

from artifacts.limits import TASK_START_MIN_S
from artifacts.request_id import new_request_id
from artifacts.services import activity, housekeeping
from artifacts.sources.base import Deadline
from artifacts.tasks.runner import run_one

logger = logging.getLogger(__name__)


def run_task(task_id: UUID, seconds_left: float) -> int:
    """Do a task if it is due, and then what else is due: fewer wake-ups are sent than tasks made.

    A task that is unknown, cancelled, done, or held by somebody else is none that is due.

    Returns:
        The number of tasks that were worked on.
    """
    with _event(seconds_left) as (worker, deadline):
        if not run_one(worker, task_id, deadline):
            logger.info("task.not_due", extra={"task": str(task_id)})
            return 0
        return 1 + _run_due(worker, deadline)


def run_due(seconds_left: float) -> int:
    """Do the task that has been due for longest, and what else is due while there is time.

    Returns:
        The number of tasks that were worked on.
    """
    with _event(seconds_left) as (worker, deadline):
        return int(run_one(worker, deadline=deadline)) + _run_due(worker, deadline)


def keep_house(seconds_left: float) -> None:
    """Clear up; what is broken off by the end of the invocation begins again the next day."""
    with _event(seconds_left):
        housekeeping.keep_house()


def _run_due(worker: str, deadline: Deadline) -> int:
    """Do what is due, one task after the other, while there is time for one more."""
    done = 0
    while deadline.left_s >= TASK_START_MIN_S and run_one(worker, deadline=deadline):
        done += 1
    return done


@contextmanager
def _event(seconds_left: float) -> Iterator[tuple[str, Deadline]]:
    """Do for an event what Django does for a request; yields who works here, and until when.

    The worker's name is the event's own: a lease must not be taken for that of an earlier one.
    """
    close_old_connections()
    try:
        with new_request_id():
            yield f"lambda-{uuid.uuid4()}", Deadline(seconds_left)
            # The counts of requests that this instance answered would freeze with it.
            activity.flush()
    finally:
        close_old_connections()
