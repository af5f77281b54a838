"""What staff come for: what needs a hand, what happened lately, how much there is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from artifacts.enums import ArtifactType, GateVerdict, TaskState
from artifacts.limits import NEEDS_SHOWN_MAX, STORED_KNOWN_S
from artifacts.models import ActivityQuarter, Artifact, Rating, Revision, Task
from artifacts.rules.rating.gate import say_reason
from artifacts.selectors.trust.verdict import Badge, choose_badge
from artifacts.selectors.upkeep.health import MEANT_STATUSES
from artifacts.selectors.upkeep.queue import overdue_after_s
from artifacts.work.jobs import Job
from artifacts.work.queue import can_be_retried

_M = TypeVar("_M", bound=Model)
_DAY_H = 24
# Of so many of the newest artifacts, those that failed the gate are news.
_NEWEST = 1_000
_OLDEST_TASKS = 3
# The form answers a preview with 200, and leads on from a registration.
_IS_REGISTRATION = Q(
    route="POST /artifact/<str:artifact_type>", status__gte=200, status__lt=300
) | Q(route="POST /register", status__gte=300, status__lt=400)
_IS_DOWNLOAD = Q(status__gte=300, status__lt=400) & (
    Q(route__endswith="/download") | Q(route__contains="/download/<str:part>")
)
_IS_FAULT = Q(status__gte=500) & ~Q(status__in=MEANT_STATUSES)


# What this process found, and until when it relies on that.
_known: dict[str, tuple[float, tuple[Stored, ...]]] = {}


@dataclass(frozen=True)
class TaskNeed:
    """A task that was given up, or that nobody does.

    Attributes:
        is_overdue: whether it is due and nobody does it.
        can_be_retried: whether it was given up and can still do its work.
        since: when it was given up, or due.
    """

    task_id: UUID
    name: str
    artifact_id: str
    reason: str
    is_overdue: bool
    can_be_retried: bool
    since: datetime


@dataclass(frozen=True)
class ArtifactNeed:
    """An artifact whose source has not answered, or a model that lately failed the gate."""

    artifact_id: str
    name: str
    badge: Badge
    reason: str


@dataclass(frozen=True)
class Needs:
    """What needs a hand; of each kind the first few, with one more to tell that there are more.

    Attributes:
        reset_at: when the registry was last reset; None if that was never, or long ago.
    """

    tasks: tuple[TaskNeed, ...]
    waiting: tuple[ArtifactNeed, ...]
    refused: tuple[ArtifactNeed, ...]
    reset_at: datetime | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing does."""
        return not (self.tasks or self.waiting or self.refused)


@dataclass(frozen=True)
class Hour:
    """What happened in an hour."""

    begins_at: datetime
    requests: int
    registered: int
    downloaded: int
    faults: int


@dataclass(frozen=True)
class Stored:
    """How much is stored of one type."""

    artifact_type: str
    size_bytes: int


def get_needs() -> Needs:
    """Return what needs a hand, in two queries.

    Raises:
        Error: the database does not answer.
    """
    now = timezone.now()
    late = now - timedelta(seconds=overdue_after_s())
    is_overdue = (
        Task.is_waiting_or_running()
        & Q(due_at__lt=late)
        & (Q(leased_until=None) | Q(leased_until__lt=now))
    )
    failed = Task.objects.filter(state=TaskState.FAILED).order_by("-created_at")
    overdue = Task.objects.filter(is_overdue).order_by("due_at")
    most = NEEDS_SHOWN_MAX + 1
    # A reset removes all tasks and writes its own, so that is among the oldest.
    oldest = Task.objects.order_by("created_at")[:_OLDEST_TASKS]
    tasks = _join(Task.objects.all(), failed[:most], overdue[:most], oldest).defer("arguments")
    found = list(tasks.order_by("-created_at"))
    waiting, refused = _list_artifacts()
    reset = next((each for each in found if each.name == Job.REMOVE_EVERYTHING), None)
    return Needs(
        tasks=tuple(
            _make_task_need(task, late) for task in found if _needs_a_hand(task, late, now)
        )[:most],
        waiting=waiting,
        refused=refused,
        reset_at=reset.created_at if reset else None,
    )


def list_hours() -> tuple[Hour, ...]:
    """Return the last 24 hours, the present one included, from the counts of requests.

    Raises:
        Error: the database does not answer.
    """
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    started_at = last - timedelta(hours=_DAY_H - 1)
    per_quarter = (
        ActivityQuarter.objects.filter(minute__gte=started_at)
        .values_list("minute")
        .annotate(
            all=Sum("requests"),
            registered=Sum("requests", filter=_IS_REGISTRATION, default=0),
            downloaded=Sum("requests", filter=_IS_DOWNLOAD, default=0),
            faults=Sum("requests", filter=_IS_FAULT, default=0),
        )
    )
    sums = [[0, 0, 0, 0] for _ in range(_DAY_H)]
    for minute, *numbers in per_quarter:
        # A clock of another machine may be ahead.
        hour = sums[min(_DAY_H - 1, int((minute - started_at).total_seconds() // 3600))]
        for place, number in enumerate(numbers):
            hour[place] += number
    return tuple(
        Hour(started_at + timedelta(hours=place), *numbers) for place, numbers in enumerate(sums)
    )


def get_stored() -> tuple[Stored, ...]:
    """Return what `list_stored` found within the last minutes.

    It reads all revisions, which takes a tenth of a second for a hundred thousand.
    """
    known = _known.get("stored")
    if known is None or time.monotonic() > known[0]:
        known = _known["stored"] = (time.monotonic() + STORED_KNOWN_S, list_stored())
    return known[1]


def list_stored() -> tuple[Stored, ...]:
    """Return how much is stored by type, in the order of the types.

    What several revisions share is counted once for each.

    Raises:
        Error: the database does not answer.
    """
    found = dict(
        Revision.objects.order_by()
        .values_list("artifact__type")
        .annotate(size_bytes=Sum("stored_bytes"))
    )
    return tuple(Stored(kind, found.get(kind, 0)) for kind in ArtifactType)


def _list_artifacts() -> tuple[tuple[ArtifactNeed, ...], tuple[ArtifactNeed, ...]]:
    """Return the artifacts that wait for their source, and the models that failed the gate."""
    rating = "current_revision__current_rating"
    waiting = Artifact.objects.filter(current_revision=None).order_by("created_us")
    newest = Artifact.objects.visible().order_by("-created_us", "-id").values("created_us")
    # Where there are fewer, all are among them.
    begins_us = Coalesce(Subquery(newest[_NEWEST - 1 : _NEWEST]), 0)
    refused = Artifact.objects.visible().filter(
        created_us__gte=begins_us, **{f"{rating}__gate": GateVerdict.FAILED}
    )
    most = NEEDS_SHOWN_MAX + 1
    artifacts = (
        _join(Artifact.objects.all(), waiting[:most], refused.order_by("-created_us")[:most])
        .select_related(rating)
        .defer(*(f"{rating}__{name}" for name in Rating.LARGE_FIELDS))
        .order_by("-created_us")
    )
    needs = [_make_artifact_need(each) for each in artifacts]
    return (
        tuple(each for each in needs if each.badge == Badge.WAITING),
        tuple(each for each in needs if each.badge != Badge.WAITING),
    )


def _join(rows: QuerySet[_M], *parts: QuerySet[_M]) -> QuerySet[_M]:
    """Return the rows of several parts in one query, each part with its limit and its index.

    Not as conditions joined by OR: for these PostgreSQL reads the whole table.
    """
    first, *others = (rows.filter(pk__in=each.values("pk")).values("pk").order_by()
                      for each in parts)  # fmt: skip
    return rows.filter(pk__in=first.union(*others, all=True))


def _make_artifact_need(artifact: Artifact) -> ArtifactNeed:
    """Return why an artifact needs a hand."""
    revision = artifact.current_revision
    if revision is None or revision.current_rating is None:
        reason = "Its source has not answered yet. It is asked again by itself."
    else:
        reasons = list(map(say_reason, revision.current_rating.gate_reasons))
        more = f" And {len(reasons) - 1} more." if len(reasons) > 1 else ""
        reason = f"{reasons[0]}{more}" if reasons else "It failed the gate."
    return ArtifactNeed(artifact.id, artifact.name, choose_badge(artifact), reason)


def _needs_a_hand(task: Task, late: datetime, now: datetime) -> bool:
    """Whether a task was given up, or is due and nobody does it."""
    is_held = task.leased_until is not None and task.leased_until >= now
    return task.state == TaskState.FAILED or (task.is_open and task.due_at < late and not is_held)


def _make_task_need(task: Task, late: datetime) -> TaskNeed:
    """Return why a task needs a hand."""
    is_overdue = task.is_open and task.due_at < late
    reason = task.error or ("Nobody does it: see whether a worker runs." if is_overdue else "")
    return TaskNeed(
        task_id=task.id,
        name=task.name,
        artifact_id=task.artifact_id,
        reason=reason,
        is_overdue=is_overdue,
        can_be_retried=can_be_retried(task),
        since=task.due_at if is_overdue else task.finished_at or task.created_at,
    )
