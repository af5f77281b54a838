"""The state of the background work: what waits, what is late, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from artifacts.enums import RegistryMode, TaskState
from artifacts.limits import TASK_OVERDUE_ON_LAMBDA_S, TASK_OVERDUE_S
from artifacts.models import Task
from artifacts.rules.task_places import are_taken
from artifacts.selectors.upkeep.components import Component, Issue, Metric, Status


@dataclass(frozen=True)
class Queue:
    """How many tasks are not done.

    Attributes:
        due: waiting or running tasks that are due; a running one stays due while its lease holds.
        overdue_s: for how long the oldest of those has been due; 0 while all places are taken.
        leased_until: the end of the last lease on one of those.
        postponed: tasks that failed at least once and wait for their next attempt.
        failed: tasks that were given up within a day.
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
    # Two queries, each with its own index: no index serves both, and there are many ended tasks.
    failed = Task.objects.filter(state=TaskState.FAILED, created_at__gte=now - timedelta(days=1))
    counted = Task.objects.filter(Task.is_waiting_or_running()).aggregate(
        waiting=Count("id", filter=Q(state=TaskState.READY)),
        running=Count("id", filter=Q(state=TaskState.RUNNING)),
        held=Count("id", filter=Q(state=TaskState.RUNNING, due_at__gt=now)),
        due=Count("id", filter=is_due),
        oldest=Min("due_at", filter=is_due),
        leased_until=Max("leased_until", filter=is_due),
        postponed=Count("id", filter=is_postponed),
    )
    oldest, held = counted.pop("oldest"), counted.pop("held")
    is_late = oldest is not None and not are_taken(held, settings.REGISTRY_TASKS_MAX)
    return Queue(
        **counted,
        overdue_s=(now - oldest).total_seconds() if is_late else 0.0,
        failed=failed.count(),
    )


def overdue_after_s() -> float:
    """Return after how long a due task that nobody does is overdue."""
    return TASK_OVERDUE_ON_LAMBDA_S if settings.REGISTRY_TASKS == "lambda" else TASK_OVERDUE_S


def look_at_tasks() -> Component:
    """Look at the queue: what is late has nobody to do it, what is postponed lacks something."""
    queue = get_queue()
    on_lambda = settings.REGISTRY_TASKS == "lambda"
    issues = []
    if settings.REGISTRY_MODE != RegistryMode.OPEN:
        issues.append(
            Issue(
                "tasks_paused",
                "warning",
                f"Tasks wait: REGISTRY_MODE is {settings.REGISTRY_MODE}.",
                "They stay due, and are done once the registry is open.",
            )
        )
    elif queue.overdue_s > overdue_after_s():
        issues.append(
            Issue(
                "tasks_overdue",
                "warning",
                f"The oldest task has been due for {queue.overdue_s:.0f} s.",
                "See that the function may call itself (lambda:InvokeFunction) and has its event "
                "of every minute, which does what nothing else woke it for."
                if on_lambda
                else "See that a worker runs (manage.py run_worker), or start more of them.",
            )
        )
    if queue.postponed:
        issues.append(
            Issue(
                "tasks_postponed",
                "warning",
                f"Tasks that failed and wait for their next attempt: {queue.postponed:,}.",
                "They are tried again by themselves. The list of tasks on the staff site says why "
                "each failed.",
            )
        )
    metrics: dict[str, Metric] = {
        "waiting": queue.waiting,
        "running": queue.running,
        "failed_last_24_h": queue.failed,
        "due": queue.due,
        "postponed": queue.postponed,
        "oldest_due_s": round(queue.overdue_s, 1),
    }
    if queue.leased_until:
        metrics["last_lease_until"] = queue.leased_until.isoformat()
    return Component(
        "tasks",
        "Tasks",
        "Background work: fetching content, making bundles, clearing up.",
        Status.DEGRADED if issues else Status.OK,
        metrics,
        tuple(issues),
    )
