"""How many tasks run at once, over all workers and instances, so that they never starve requests.

The tasks' rows are the only count: the leased tasks are the running ones. A task whose lease
has lapsed no longer counts, since no worker is known to hold it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, QuerySet

from artifacts.enums import TaskState
from artifacts.models import Task
from artifacts.rules.task_places import long_tasks_max
from artifacts.work.jobs import Job

_LONG_JOBS = tuple(job.value for job in Job if job.is_long)
# The PostgreSQL advisory lock that a worker holds until it has written its lease. Any number will
# do that no other program uses in this database.
_TURN = 0x5245_4749_534C_4F54


def only_startable(due: QuerySet[Task], now: datetime) -> QuerySet[Task]:
    """Return those of the tasks that may be leased now without exceeding the limits.

    The next caller waits until this transaction ends, so it counts what this one takes: on SQLite
    the transaction has begun as the only writer, on PostgreSQL it takes a transaction-level lock,
    which poolers allow. Long tasks leave some places to short ones.
    """
    tasks_max: int = settings.REGISTRY_TASKS_MAX
    if not tasks_max:
        return due
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])
    running = Task.objects.filter(state=TaskState.RUNNING, due_at__gt=now).aggregate(
        all=Count("pk"), long=Count("pk", filter=Q(name__in=_LONG_JOBS))
    )
    if running["all"] >= tasks_max:
        return due.none()
    if running["long"] >= long_tasks_max(tasks_max):
        return due.exclude(name__in=_LONG_JOBS)
    return due
