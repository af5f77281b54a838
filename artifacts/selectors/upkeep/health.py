"""How the registry's components are, and what was asked of it lately."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Q, Sum
from django.utils import timezone

from artifacts.enums import RegistryMode
from artifacts.exceptions import RegistryError, StorageUnavailable
from artifacts.models import ActivityBucket
from artifacts.selectors.upkeep.components import Component, Issue, Metric, Status, TimelineEntry
from artifacts.selectors.upkeep.joining import issues_of_joining
from artifacts.selectors.upkeep.outages import get_sources, list_recent_failures, with_failure
from artifacts.selectors.upkeep.probes import answer_ms, begin
from artifacts.selectors.upkeep.queue import look_at_tasks
from artifacts.storage.abilities import Gravity
from artifacts.storage.proof import known_shortfalls
from artifacts.storage.store import probe_store

logger = logging.getLogger(__name__)

# Not built yet, a source is away, come back later: answers that are meant. What is really lost
# then is a component of its own.
MEANT_STATUSES = (501, 502, 503)
# Components without which nobody is served.
_NEEDED = ("database", "storage")
# Whether changes are refused, `on` or `off`, in each database's words.
_MODE = {
    "postgresql": "SELECT current_setting('transaction_read_only')",
    "sqlite": "SELECT CASE query_only WHEN 0 THEN 'off' ELSE 'on' END FROM pragma_query_only",
}


def list_components(
    database: Component,
    window_minutes: int,
    *,
    with_timeline: bool = False,
    counted: tuple[int, int] | None = None,
) -> list[Component]:
    """Look at every component; one that is lost does not keep the others from being shown.

    Args:
        database: what `get_database` has just found.
        counted: the window's requests, and our faults among them, from whoever knows them already.
    """

    def unless_lost(key: str, name: str, look: Callable[[], Component]) -> Component:
        if database.status == Status.OK:
            try:
                return look()
            except Error:
                logger.warning("health.component_unknown", exc_info=True)
        # Asking a lost database would only wait for it as long again.
        return Component(key, name, "Its state is in the database.", Status.UNKNOWN)

    def look_at_api() -> Component:
        if counted is not None:
            return _tell_of_api(*counted)
        return _api(window_minutes, with_timeline=with_timeline)

    # The bucket answers while the database is asked.
    storage = begin("storage", probe_store)
    tasks = unless_lost("tasks", "Tasks", look_at_tasks)
    api = unless_lost("api", "API", look_at_api)
    is_readable = database.status == Status.OK
    lacks, failures = _known_of_components() if is_readable else ((), {})
    lacks += issues_of_joining() if is_readable else ()
    bucket = with_failure(_storage(storage, lacks), failures)
    sources = get_sources(is_readable=is_readable)
    return [with_failure(database, failures), bucket, sources, tasks, api]


def worst(components: list[Component]) -> Status:
    """Return the state of the whole: that of its worst component."""
    order = list(Status)
    return max((component.status for component in components), key=order.index)


def can_serve(components: list[Component]) -> bool:
    """Whether the registry can do for users what it is there for, reading at the least.

    Nothing can be read without the database, nothing downloaded without the bucket, nothing at all
    while the registry is closed. Without a source or a worker the rest goes on.
    """
    lost = {each.id for each in components if each.status == Status.CRITICAL}
    return settings.REGISTRY_MODE != RegistryMode.CLOSED and lost.isdisjoint(_NEEDED)


@dataclass(frozen=True)
class Activity:
    """What was asked of the registry within a window."""

    started_at: datetime
    ended_at: datetime
    total: int
    per_route: dict[str, int]
    per_type: dict[str, int]


def get_activity(window_minutes: int) -> Activity:
    """Return the requests of the last minutes, as all processes have written them.

    Raises:
        Error: the database does not answer.
    """
    ended_at = timezone.now()
    started_at = ended_at - timedelta(minutes=window_minutes)
    per_route: Counter[str] = Counter()
    per_type: Counter[str] = Counter()
    rows = (
        ActivityBucket.objects.filter(minute__gte=started_at)
        .values_list("route", "artifact_type")
        .annotate(total=Sum("requests"))
    )
    for route, artifact_type, total in rows:
        per_route[route] += total
        if artifact_type:
            per_type[artifact_type] += total
    return Activity(started_at, ended_at, per_route.total(), dict(per_route), dict(per_type))


def get_database() -> Component:
    """Ask the database, over a connection of its own, whether it takes changes."""
    description = "Rows: artifacts, users, tokens, tasks and the audit trail."
    # A list, because an answer may come when nobody waits for it any more.
    modes: list[str] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_MODE[connection.vendor])
            modes.append(str(cursor.fetchone()[0]))

    try:
        metrics: dict[str, Metric] = {
            "engine": connection.vendor,
            "answer_ms": answer_ms("database", ask),
        }
    except (Error, TimeoutError) as error:
        logger.warning("health.database_lost", extra={"reason": str(error)})
        issue = Issue(
            "database_unavailable",
            "error",
            "The database does not answer.",
            "Nothing can be read or registered. See that the server runs and can be reached.",
        )
        return Component("database", "Database", description, Status.CRITICAL, {}, (issue,))
    if modes != ["off"]:
        issue = Issue(
            "database_read_only",
            "error",
            "The database takes no changes.",
            "Nothing is registered and no token counts. See whether it was demoted to a standby, "
            "or its disk is full.",
        )
        return Component("database", "Database", description, Status.CRITICAL, metrics, (issue,))
    return Component("database", "Database", description, Status.OK, metrics)


def _storage(waited_ms: Callable[[], float], issues: tuple[Issue, ...]) -> Component:
    """Wait for the bucket's sign of life."""
    description = "Bytes: blobs, bundles and the artifacts' records."
    try:
        metrics: dict[str, Metric] = {"answer_ms": waited_ms()}
    except (RegistryError, TimeoutError) as error:
        logger.warning("health.storage_lost", extra={"reason": str(error)})
        issue = Issue(
            StorageUnavailable.code,
            "error",
            str(error),
            "Searching and reading go on; registering and downloading do not.",
        )
        return Component("storage", "Storage", description, Status.CRITICAL, {}, (issue, *issues))
    status = Status.DEGRADED if issues else Status.OK
    if any(issue.severity == "error" for issue in issues):
        status = Status.CRITICAL
    return Component("storage", "Storage", description, status, metrics, issues)


def _known_of_components() -> tuple[tuple[Issue, ...], dict[str, Issue]]:
    """Return what the bucket lacks, and what failed lately, as the database knows it."""
    try:
        return _lacks_of_the_bucket(), list_recent_failures()
    except Error:
        return (), {}  # The database is a component of its own.


def _lacks_of_the_bucket() -> tuple[Issue, ...]:
    """Say which promises the bucket was found to break when it was last tried."""
    return tuple(
        Issue(
            f"bucket_{each.promise}",
            "error" if each.gravity == Gravity.REFUSED else "warning",
            each.lack,
            f"{each.remedy} Seen when it was tried: {each.detail}",
        )
        for each in known_shortfalls()
    )


def _api(window_minutes: int, *, with_timeline: bool) -> Component:
    """Count requests and the registry's own faults among them."""
    started_at = timezone.now() - timedelta(minutes=window_minutes)
    recent = ActivityBucket.objects.filter(minute__gte=started_at)
    is_fault = Q(status__gte=500) & ~Q(status__in=MEANT_STATUSES)
    counted = recent.aggregate(
        total=Sum("requests", default=0), faults=Sum("requests", filter=is_fault, default=0)
    )
    total, faults = counted["total"], counted["faults"]
    timeline: tuple[TimelineEntry, ...] = ()
    if with_timeline:
        per_minute = recent.order_by("minute").values_list("minute").annotate(total=Sum("requests"))
        timeline = tuple(
            TimelineEntry(minute, count, "requests per minute") for minute, count in per_minute
        )
    return _tell_of_api(total, faults, timeline)


def _tell_of_api(total: int, faults: int, timeline: tuple[TimelineEntry, ...] = ()) -> Component:
    """Tell how many of the requests ended with a fault of ours."""
    issues: tuple[Issue, ...] = ()
    if faults:
        issues = (
            Issue(
                "server_errors",
                "warning",
                f"{faults:,} of {total:,} requests were answered with a server error.",
                "The log has them as request.failed or request.crashed, with their request ids.",
            ),
        )
    return Component(
        "api",
        "API",
        "Requests answered within the window, by all processes.",
        Status.DEGRADED if issues else Status.OK,
        {"requests": total, "server_errors": faults},
        issues,
        timeline,
    )
