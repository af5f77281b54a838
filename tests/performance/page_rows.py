"""What pages show beside the artifacts of `in_process.fill`: ratings, tasks, a busy day."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from artifacts.enums import ArtifactType, ParentOrigin, Relationship, TaskState
from artifacts.limits import ACTIVITY_QUARTER_MINUTES
from artifacts.models import (
    ActivityBucket,
    ActivityQuarter,
    Artifact,
    ClientMark,
    FailedRequest,
    LineageEdge,
    Rating,
    Task,
    VersionTag,
)
from tests.factories.evidence import rich_evidence
from tests.factories.ratings import make_rating

BATCH = 2_000
DAY_MINUTES = 1_440
ROUTES = 30
# Each model but every tenth rests on that tenth.
FAMILY = 10
_COPIED = (
    "created_at, created_by, rules_version, category, tree_score, gate_reasons, gate_thresholds, "
    "summary, results, evidence, is_incomplete"
)
_LICENSES = ("mit", "apache-2.0", "gpl-3.0", "", "cc-by-nc-4.0", "lgpl-2.1", "other")
_CASES = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(_LICENSES))
_STATEMENTS = (
    f"""INSERT INTO artifacts_rating (revision_id, net_score, gate, {_COPIED})
        SELECT a.current_revision_id, (a.created_us %% 997) / 1000.0,
        CASE a.created_us %% 5 WHEN 0 THEN 'failed' WHEN 1 THEN 'undecided' ELSE 'passed' END,
        {_COPIED}
        FROM artifacts_artifact a CROSS JOIN artifacts_rating r
        WHERE a.type = 'model' AND r.id = %s AND a.current_revision_id <> r.revision_id""",  # noqa: S608  (constants)
    """UPDATE artifacts_revision SET current_rating_id = r.id FROM artifacts_rating r
        WHERE r.revision_id = artifacts_revision.id""",
    f"""UPDATE artifacts_revision SET size_bytes = (id * 7919) % 20000 * 1000000,
        license = CASE id % {len(_LICENSES)} {_CASES} END""",  # noqa: S608  (constants)
)


def fill(rows: int) -> None:
    """Write them, in proportion to the artifacts that are there."""
    first = Artifact.objects.filter(type=ArtifactType.MODEL).select_related("current_revision")
    rating = make_rating(first.order_by("created_us")[0], rich_evidence())
    with ExitStack() as patience, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            patience.enter_context(connection.connection.silent_for(None))
        for statement in _STATEMENTS:
            cursor.execute(statement, [rating.id] if "%s" in statement else None)
    write(LineageEdge, _list_edges())
    write(VersionTag, _list_versions())
    write(Task, _list_tasks(rows))
    write(ActivityBucket, _list_activity())
    write(ActivityQuarter, _list_quarters())
    now = timezone.now()
    write(ClientMark, (ClientMark(mark=n, seen_at=now) for n in range(0, ClientMark.MARKS, 2)))
    write(
        FailedRequest,
        (
            FailedRequest(
                at=now, request_id=f"{n:032x}", route=f"GET /route-{n % ROUTES}/<str:key>",
                status=503, event="request.failed", reason="It sleeps.", took_ms=6_000,
            )
            for n in range(200)
        ),
    )  # fmt: skip


def write(model: type[Model], rows: Iterable[Any]) -> None:
    """Write rows, a batch at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        model._default_manager.bulk_create(batch)


def _list_edges() -> Iterator[LineageEdge]:
    models = Artifact.objects.filter(type=ArtifactType.MODEL).order_by("created_us")
    parent: tuple[str, str, str] = ("", "", "")
    for place, row in enumerate(models.values_list("id", "name", "source_key")):
        if place % FAMILY == 0:
            parent = row
            continue
        yield LineageEdge(
            child_id=row[0], parent_id=parent[0], parent_type=ArtifactType.MODEL,
            parent_name=parent[1], parent_key=parent[2], relationship=Relationship.BASE_MODEL,
            origin=ParentOrigin.MODEL_CARD,
        )  # fmt: skip


def _list_versions() -> Iterator[VersionTag]:
    rated = Rating.objects.order_by("id").values_list("revision_id", flat=True)
    for place, revision in enumerate(rated):
        minor = place % 200
        yield VersionTag(
            revision_id=revision, tag=f"1.{minor}.0", version_key=10**16 + minor * 10**8
        )


def _list_tasks(rows: int) -> Iterator[Task]:
    """Yield a task for each artifact: nearly all are done, some failed, a few wait."""
    now = timezone.now()
    keys = Artifact.objects.order_by("created_us").values_list("id", flat=True)
    for place, key in enumerate(keys[:rows]):
        state = {0: TaskState.READY, 1: TaskState.FAILED}.get(place % 500, TaskState.SUCCEEDED)
        yield Task(
            name="mirror_revision", artifact_id=key, state=state, attempts=1,
            due_at=now - timedelta(hours=1), error="It sleeps." if state == "failed" else "",
            finished_at=None if state == TaskState.READY else now,
        )  # fmt: skip


def _list_activity() -> Iterator[ActivityBucket]:
    """Yield a day in which each route was asked in each minute."""
    last: datetime = timezone.now().replace(second=0, microsecond=0)
    for ago in range(DAY_MINUTES):
        for route in range(ROUTES):
            yield ActivityBucket(minute=last - timedelta(minutes=ago), **_count(route))


def _list_quarters() -> Iterator[ActivityQuarter]:
    """Yield the sums of that day."""
    last = ActivityQuarter.begin_of(timezone.now())
    for ago in range(0, DAY_MINUTES, ACTIVITY_QUARTER_MINUTES):
        for route in range(ROUTES):
            counted = _count(route, minutes=ACTIVITY_QUARTER_MINUTES)
            yield ActivityQuarter(minute=last - timedelta(minutes=ago), **counted)


def _count(route: int, minutes: int = 1) -> dict[str, Any]:
    """Return what was asked of a route within some minutes."""
    return {
        "route": f"GET /route-{route}/<str:key>",
        "status": 500 if route % 7 == 0 else 200,
        "artifact_type": "model" if route % 2 else "",
        "requests": 9 * minutes,
        "within_25_ms": 5 * minutes,
        "within_100_ms": 4 * minutes,
    }
