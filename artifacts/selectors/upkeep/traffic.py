"""What was asked of the registry lately: how often, how fast, by whom, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from artifacts.enums import ArtifactType
from artifacts.limits import (
    ACTIVITY_MINUTES_READ_MAX,
    ACTIVITY_QUARTER_MINUTES,
    CHART_BARS_MAX,
    FAILURES_SHOWN_MAX,
    LATENCY_EDGES_MS,
    ROUTES_SHOWN_MAX,
)
from artifacts.models import ActivityBucket, ActivityQuarter, ClientMark, FailedRequest
from artifacts.rules.percentiles import estimate_distinct, interpolate
from artifacts.selectors.upkeep.health import MEANT_STATUSES

_LATENCIES = ActivityBucket.LATENCIES
# The ends of routes that lead to bytes; they answer with a redirect.
_DOWNLOADS = ("/download", "/download/<str:part>")
_REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class Latency:
    """Percentiles in milliseconds; None if no latency is known, infinity above every edge."""

    half: float | None
    most: float | None
    nearly_all: float | None


@dataclass(frozen=True)
class Tally:
    """How many requests there were.

    Attributes:
        refused: those with a fault of the client.
        unavailable: those that had to be sent away: something was not there, or not yet.
        faults: our own.
    """

    requests: int = 0
    refused: int = 0
    unavailable: int = 0
    faults: int = 0

    @property
    def failed(self) -> int:
        """Those that our side did not do."""
        return self.unavailable + self.faults


@dataclass(frozen=True)
class Step:
    """Some minutes of the window, as one bar of a chart."""

    begins_at: datetime
    tally: Tally
    latency: Latency


@dataclass(frozen=True)
class RouteLine:
    """What was asked of one route."""

    route: str
    tally: Tally
    latency: Latency


@dataclass(frozen=True)
class TypeLine:
    """What was asked about artifacts of one type; "" for what is about none."""

    artifact_type: str
    requests: int
    downloads: int


@dataclass(frozen=True)
class Traffic:
    """What was asked within a window.

    Attributes:
        started_at: where a bar of a chart begins: in a long window up to half an hour earlier than
            asked for.
        minutes: how many were asked for.
        step_minutes: how many minutes a step has; the last may have fewer.
        clients: estimated number of addresses, None for more than can be told.
        routes: the failing ones first, then by the number of requests.
    """

    started_at: datetime
    ended_at: datetime
    minutes: int
    step_minutes: int
    steps: tuple[Step, ...]
    tally: Tally
    latency: Latency
    downloads: int
    clients: int | None
    routes: tuple[RouteLine, ...]
    routes_left_out: int
    types: tuple[TypeLine, ...]

    @property
    def per_minute(self) -> float:
        """Return the requests of an average minute."""
        return self.tally.requests / _count_minutes(self.started_at, self.ended_at)

    @property
    def hours(self) -> float:
        """Return the hours that were asked for."""
        return self.minutes / 60

    @property
    def is_summed(self) -> bool:
        """Whether the window is longer than what is read by minutes, and begins with a bar."""
        return self.minutes > ACTIVITY_MINUTES_READ_MAX


@dataclass(frozen=True)
class FailureLine:
    """A request that failed, or that took very long."""

    at: datetime
    request_id: str
    route: str
    status: int
    event: str
    reason: str
    took_ms: int


def get_traffic(minutes: int) -> Traffic:
    """Return what was asked in the last minutes, the present one included.

    Raises:
        Error: the database does not answer.
    """
    ended_at = timezone.now()
    recent, started_at, step_minutes = _choose(minutes, ended_at)
    per_kind: list[dict[str, Any]] = list(
        recent.values("route", "status", "artifact_type").annotate(**_sums())
    )
    per_route: dict[str, list[Mapping[str, Any]]] = {}
    for row in per_kind:
        per_route.setdefault(row["route"], []).append(row)
    routes = sorted(
        (RouteLine(route, _tally(rows), _latency(rows)) for route, rows in per_route.items()),
        key=lambda line: (-line.tally.failed, -line.tally.requests, line.route),
    )
    marked = ClientMark.objects.filter(seen_at__gte=started_at).count()
    return Traffic(
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        step_minutes=step_minutes,
        steps=_list_steps(recent, started_at, ended_at, step_minutes),
        tally=_tally(per_kind),
        latency=_latency(per_kind),
        downloads=sum(row["requests"] for row in per_kind if _is_download(row)),
        clients=estimate_distinct(marked, ClientMark.MARKS),
        routes=tuple(routes[:ROUTES_SHOWN_MAX]),
        routes_left_out=max(0, len(routes) - ROUTES_SHOWN_MAX),
        types=_list_types(per_kind),
    )


def list_failures(started_at: datetime, words: str = "") -> list[FailureLine]:
    """Return the newest requests that failed or took very long.

    Args:
        words: each must occur in the route, the event, the reason, the status or the request's id.
    """
    rows = FailedRequest.objects.filter(at__gte=started_at)
    for word in words.split()[:5]:
        is_there = Q()
        for name in ("route", "event", "reason", "status", "request_id"):
            is_there |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(is_there)
    return [
        FailureLine(
            row.at, row.request_id, row.route, row.status, row.event, row.reason, row.took_ms
        )
        for row in rows.order_by("-id")[:FAILURES_SHOWN_MAX]
    ]


def _choose(minutes: int, ended_at: datetime) -> tuple[Any, datetime, int]:
    """Return the counts of a window, where it begins, and the minutes of a bar.

    All from one table, so that no request is counted twice or left out: up to two hours are read by
    minutes; longer windows by quarters of an hour, from the beginning of a bar.
    """
    started_at = ended_at.replace(second=0, microsecond=0) - timedelta(minutes=minutes - 1)
    if minutes <= ACTIVITY_MINUTES_READ_MAX:
        step_minutes = -(-minutes // CHART_BARS_MAX)
        return ActivityBucket.objects.filter(minute__gte=started_at), started_at, step_minutes
    quarters = -(-minutes // (CHART_BARS_MAX * ACTIVITY_QUARTER_MINUTES))
    step_minutes = quarters * ACTIVITY_QUARTER_MINUTES
    started_at -= timedelta(minutes=started_at.minute % step_minutes)
    return ActivityQuarter.objects.filter(minute__gte=started_at), started_at, step_minutes


def _count_minutes(started_at: datetime, ended_at: datetime) -> int:
    """Return how many minutes lie between, the present one included."""
    return int((ended_at - started_at).total_seconds() // 60) + 1


def _sums() -> dict[str, Sum]:
    """Return the sum of each column that counts."""
    return {name: Sum(name) for name in ("requests", *_LATENCIES)}


def _list_steps(
    recent: Any, started_at: datetime, ended_at: datetime, step_minutes: int
) -> tuple[Step, ...]:
    """Return the steps of the window, also those in which nothing was asked."""
    is_unavailable = Q(status__in=MEANT_STATUSES)
    per_minute = recent.values("minute").annotate(
        refused=Sum("requests", filter=Q(status__gte=400, status__lt=500), default=0),
        unavailable=Sum("requests", filter=is_unavailable, default=0),
        faults=Sum("requests", filter=Q(status__gte=500) & ~is_unavailable, default=0),
        # Last, since it gives the columns' names to their sums.
        **_sums(),
    )
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in per_minute:
        place = int((row["minute"] - started_at).total_seconds() // 60) // step_minutes
        found.setdefault(place, []).append(row)
    steps = []
    for place in range(-(-_count_minutes(started_at, ended_at) // step_minutes)):
        rows = found.get(place, [])
        tally = Tally(
            *(
                sum(row[name] for row in rows)
                for name in ("requests", "refused", "unavailable", "faults")
            )
        )
        begins_at = started_at + timedelta(minutes=place * step_minutes)
        steps.append(Step(begins_at, tally, _latency(rows)))
    return tuple(steps)


def _list_types(per_kind: list[dict[str, Any]]) -> tuple[TypeLine, ...]:
    """Return what was asked by type, in the order of the types; what is about none comes last."""
    lines = []
    for kind in (*ArtifactType.values(), ""):
        rows = [row for row in per_kind if row["artifact_type"] == kind]
        downloads = sum(row["requests"] for row in rows if _is_download(row))
        lines.append(TypeLine(kind, sum(row["requests"] for row in rows), downloads))
    return tuple(lines)


def _is_download(row: Mapping[str, Any]) -> bool:
    """Whether requests of this kind led to bytes."""
    return row["status"] in _REDIRECTS and row["route"].rstrip("/").endswith(_DOWNLOADS)


def _tally(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """Count requests by how they ended."""
    requests = refused = unavailable = faults = 0
    for row in rows:
        number, status = row["requests"], row["status"]
        requests += number
        if status in MEANT_STATUSES:
            unavailable += number
        elif status >= 500:  # noqa: PLR2004  (our faults)
            faults += number
        elif status >= 400:  # noqa: PLR2004  (the client's)
            refused += number
    return Tally(requests, refused, unavailable, faults)


def _latency(rows: Iterable[Mapping[str, Any]]) -> Latency:
    """Return the percentiles of what some rows counted."""
    counts = [0] * len(_LATENCIES)
    for row in rows:
        for place, name in enumerate(_LATENCIES):
            counts[place] += row[name]
    half, most, nearly_all = (
        interpolate(counts, LATENCY_EDGES_MS, share) for share in (0.5, 0.95, 0.99)
    )
    return Latency(half, most, nearly_all)
