"""How the background work stands: what waits, what is late, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.models import Task


@dataclass(frozen=True)
class Queue:
    """The tasks that are not done, by number.

    Attributes:
        due: waiting or running, and due by now; one that runs stays due while its lease holds.
        overdue_s: for how long the oldest of those has been due.
        leased_until: the end of the last lease on one of those.
        postponed: failed at least once, and waiting for their next attempt.
        failed: given up within a day.
    """

    waiting: int
    running: int
    due: int
    overdue_s: float
    leased_until: datetime | None
    postponed: int
    failed: int


def get_queue() -> Queue:
    """Count the tasks.

    Raises:
        Error: the database does not answer.
    """
    now = timezone.now()
    is_open = Q(state__in=(TaskState.READY, TaskState.RUNNING))
    is_due = is_open & Q(due_at__lte=now)
    is_postponed = Q(state=TaskState.READY, due_at__gt=now) & ~Q(error="")
    # Each question has an index of its own; no index serves both, and ended tasks are many.
    failed = Task.objects.filter(state=TaskState.FAILED, created_at__gte=now - timedelta(days=1))
    counted = Task.objects.filter(is_open).aggregate(
        waiting=Count("id", filter=Q(state=TaskState.READY)),
        running=Count("id", filter=Q(state=TaskState.RUNNING)),
        due=Count("id", filter=is_due),
        oldest=Min("due_at", filter=is_due),
        leased_until=Max("leased_until", filter=is_due),
        postponed=Count("id", filter=is_postponed),
    )
    oldest = counted.pop("oldest")
    return Queue(
        **counted,
        overdue_s=(now - oldest).total_seconds() if oldest else 0.0,
        failed=failed.count(),
    )
