"""Health and tracks."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.views.base import ApiView
from artifacts.exceptions import InvalidRequest
from artifacts.limits import (
    HEALTH_WINDOW_DEFAULT_MINUTES,
    HEALTH_WINDOW_MAX_MINUTES,
    HEALTH_WINDOW_MIN_MINUTES,
)
from artifacts.selectors import health
from artifacts.selectors.components import Component, Status
from artifacts.selectors.migrations import get_migration_state
from artifacts.services import activity

# What of the contract's tracks is really implemented.
TRACKS = ["Access control track"]


# Imported when the schema is made: a heartbeat is what new instances are asked for first.
def _heartbeat_words() -> dict[str, Any]:
    """Return the words that need the generator's types."""
    from drf_spectacular.types import OpenApiTypes
    from drf_spectacular.utils import OpenApiResponse

    return {"responses": {200: OpenApiResponse(OpenApiTypes.OBJECT, description="It answers.")}}


def _components_words() -> dict[str, Any]:
    """Return the same of the components."""
    from drf_spectacular.types import OpenApiTypes
    from drf_spectacular.utils import OpenApiParameter

    return {
        "parameters": [
            OpenApiParameter("windowMinutes", int, default=HEALTH_WINDOW_DEFAULT_MINUTES),
            OpenApiParameter("includeTimeline", bool, default=False),
        ],
        "responses": {200: OpenApiTypes.OBJECT, **refusals(400)},
    }


def _tracks_words() -> dict[str, Any]:
    """Return the same of the tracks."""
    from artifacts.api.serializers import TracksSerializer

    return {"responses": {200: TracksSerializer}}


class HealthView(ApiView):
    """`/health`."""

    @described(
        _heartbeat_words,
        operation_id="RegistryHealthHeartbeat",
        auth=[],
        summary="Whether the registry answers, and how it is",
    )
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Answer 200 whenever this process can; the body says how its components are."""
        components = _look(HEALTH_WINDOW_DEFAULT_MINUTES)
        order = list(Status)
        answer: dict[str, Any] = {
            "status": health.worst(components),
            "checked_at": stamp(timezone.now()),
            "window_minutes": HEALTH_WINDOW_DEFAULT_MINUTES,
            "uptime_seconds": int(time.monotonic() - activity.STARTED_AT),
            "version": settings.REGISTRY_VERSION,
            "components": [
                {
                    "id": each.id,
                    "display_name": each.display_name,
                    "status": each.status,
                    "issue_count": len(each.issues),
                }
                for each in sorted(components, key=lambda each: -order.index(each.status))
            ],
        }
        if settings.REGISTRY_RELEASE is not None:
            answer["release"] = settings.REGISTRY_RELEASE
        return JsonResponse(answer | _database_facts(components))


class HealthComponentsView(ApiView):
    """`/health/components`."""

    @described(
        _components_words,
        operation_id="RegistryHealthComponents",
        auth=[],
        summary="How each component is, with what was counted lately",
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer in detail."""
        window = _window(request.query_params.get("windowMinutes"))
        with_timeline = _flag(request.query_params.get("includeTimeline"))
        components = _look(window, with_timeline=with_timeline)
        now = stamp(timezone.now())
        return JsonResponse(
            {
                "generated_at": now,
                "window_minutes": window,
                "components": [
                    _shown(each, now, with_timeline=with_timeline) for each in components
                ],
            }
        )


class TracksView(ApiView):
    """`/tracks`."""

    @described(
        _tracks_words,
        operation_id="TracksList",
        auth=[],
        summary="Which tracks are implemented",
    )
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """List the tracks."""
        return JsonResponse({"plannedTracks": TRACKS})


def stamp(moment: datetime) -> str:
    """Return a time as ISO 8601 in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def _look(window_minutes: int, *, with_timeline: bool = False) -> list[Component]:
    """Look at the components, with the requests of this process counted in."""
    database = health.get_database()
    if database.status == Status.OK:
        activity.flush()
    else:
        activity.hold()
    return health.list_components(database, window_minutes, with_timeline=with_timeline)


def _shown(component: Component, now: str, *, with_timeline: bool) -> dict[str, Any]:
    """Return a component as the contract's `HealthComponentDetail`."""
    shown: dict[str, Any] = {
        "id": component.id,
        "display_name": component.display_name,
        "status": component.status,
        "observed_at": now,
        "description": component.description,
        "metrics": component.metrics,
        "issues": [vars(issue) for issue in component.issues],
    }
    if with_timeline:
        shown["timeline"] = [
            {"bucket": stamp(minute), "value": value, "unit": component.timeline_unit}
            for minute, value in component.timeline
        ]
    return shown


def _database_facts(components: list[Component]) -> dict[str, Any]:
    """Return the window's requests and what migrations the database has had.

    {} while the database is away, which `status` tells.
    """
    if any(each.id == "api" and each.status == Status.UNKNOWN for each in components):
        return {}
    try:
        found = health.get_activity(HEALTH_WINDOW_DEFAULT_MINUTES)
        migrations = get_migration_state()
    except Error:
        return {}
    summary = {
        "window_start": stamp(found.started_at),
        "window_end": stamp(found.ended_at),
        "total_requests": found.total,
        "per_route": found.per_route,
        "per_artifact_type": found.per_type,
    }
    return {
        "request_summary": summary,
        "migrations": {"newest": migrations.newest, "pending": migrations.pending},
    }


def _window(given: str | None) -> int:
    """Return the window in minutes.

    Raises:
        InvalidRequest: it is no number within the bounds.
    """
    if given is None:
        return HEALTH_WINDOW_DEFAULT_MINUTES
    low, high = HEALTH_WINDOW_MIN_MINUTES, HEALTH_WINDOW_MAX_MINUTES
    is_number = given.isascii() and given.isdecimal()
    if not is_number or len(given) > len(str(high)) or not low <= int(given) <= high:
        raise InvalidRequest(f"windowMinutes is a whole number from {low} to {high:,}.")
    return int(given)


def _flag(given: str | None) -> bool:
    """Return a flag of the query.

    Raises:
        InvalidRequest: it is neither true nor false.
    """
    if given not in (None, "true", "false"):
        raise InvalidRequest("includeTimeline is true or false.")
    return given == "true"
