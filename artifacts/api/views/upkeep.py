"""Health, tracks, and the reset."""

from __future__ import annotations

import math
import time
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.db import Error
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from artifacts.api.health_serializers import HealthComponentsSerializer, HealthSummarySerializer
from artifacts.api.rendering import answer
from artifacts.api.schema import described, refusals
from artifacts.api.views.base import ApiViewSet, checked_flag
from artifacts.client_address import client_address
from artifacts.database import outages
from artifacts.limits import (
    COMPONENT_RETRY_AFTER_S,
    HEALTH_WINDOW_DEFAULT_MINUTES,
)
from artifacts.selectors.upkeep import health
from artifacts.selectors.upkeep.components import Component, Status, read_window
from artifacts.selectors.upkeep.migrations import get_migration_state
from artifacts.services.upkeep import activity

# The contract's tracks that are implemented.
TRACKS = ["Access control track", "Other Security track"]


# Imported only when the schema is made, since a new instance's first request is a heartbeat.
def _heartbeat_words() -> dict[str, Any]:
    """Return the words that need the generator's types."""
    from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

    return {
        "parameters": [OpenApiParameter("strict", bool, default=False)],
        "responses": {
            200: OpenApiResponse(HealthSummarySerializer, description="It answers."),
            503: OpenApiResponse(
                HealthSummarySerializer,
                description="With `strict`: it answers, but cannot serve. The same body.",
            ),
            **refusals(400),
        },
    }


def _components_words() -> dict[str, Any]:
    """Return the same of the components."""
    from drf_spectacular.utils import OpenApiParameter

    return {
        "parameters": [
            OpenApiParameter("windowMinutes", int, default=HEALTH_WINDOW_DEFAULT_MINUTES),
            OpenApiParameter("includeTimeline", bool, default=False),
        ],
        "responses": {200: HealthComponentsSerializer, **refusals(400)},
    }


def _tracks_words() -> dict[str, Any]:
    """Return the same of the tracks."""
    from artifacts.api.answer_serializers import TracksSerializer

    return {"responses": {200: TracksSerializer}}


def _reset_words() -> dict[str, Any]:
    """Return the same of the reset."""
    from drf_spectacular.utils import OpenApiResponse

    from artifacts.api.answer_serializers import ResetSerializer

    return {
        "responses": {
            200: OpenApiResponse(ResetSerializer, description="Reset."),
            **refusals(401, 403, 429),
        },
    }


class HealthViewSet(ApiViewSet):
    """`/health`, `/health/components` and `/tracks`: how the registry is, and what it can do."""

    @described(
        _heartbeat_words,
        operation_id="RegistryHealthHeartbeat",
        auth=[],
        summary="Whether the registry answers, and how it is",
    )
    def retrieve(self, request: Request) -> HttpResponse:
        """Answer 200 whenever this process can; the body says how its components are.

        `strict` is for probes, which read no body: 503 while the registry cannot serve.
        """
        is_strict = checked_flag(request, "strict")
        components = _look(HEALTH_WINDOW_DEFAULT_MINUTES)
        order = list(Status)
        summary = {
            "status": health.worst(components),
            "checked_at": timezone.now(),
            "window_minutes": HEALTH_WINDOW_DEFAULT_MINUTES,
            "uptime_seconds": int(time.monotonic() - activity.STARTED_AT),
            "version": settings.REGISTRY_VERSION,
            "mode": settings.REGISTRY_MODE,
            "components": sorted(components, key=lambda each: -order.index(each.status)),
            "release": settings.REGISTRY_RELEASE,
            **_database_facts(components),
        }
        if not is_strict or health.can_serve(components):
            return answer(HealthSummarySerializer, summary)
        refused = answer(HealthSummarySerializer, summary, status=HTTPStatus.SERVICE_UNAVAILABLE)
        refused["Retry-After"] = str(math.ceil(COMPONENT_RETRY_AFTER_S))
        return refused

    @described(
        _components_words,
        operation_id="RegistryHealthComponents",
        auth=[],
        summary="How each component is, with what was counted lately",
    )
    def enumerate_components(self, request: Request) -> HttpResponse:
        """Answer in detail."""
        window = read_window(request.query_params.get("windowMinutes"), "windowMinutes")
        with_timeline = checked_flag(request, "includeTimeline")
        components = _look(window, with_timeline=with_timeline)
        now = timezone.now()
        report = {
            "generated_at": now,
            "window_minutes": window,
            "components": [
                vars(each)
                | {"observed_at": now, "timeline": each.timeline if with_timeline else None}
                for each in components
            ],
        }
        return answer(HealthComponentsSerializer, report)

    @described(
        _tracks_words,
        operation_id="TracksList",
        auth=[],
        summary="Which tracks are implemented",
    )
    def enumerate_tracks(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """List the tracks."""
        from artifacts.api.answer_serializers import TracksSerializer

        return answer(TracksSerializer, {"plannedTracks": TRACKS})


class RegistryViewSet(ApiViewSet):
    """`/reset`."""

    @described(
        _reset_words,
        operation_id="RegistryReset",
        summary="Bring the registry back to its initial state",
        request=None,
    )
    def reset(self, request: Request) -> HttpResponse:
        """Reset; the token that asked stays valid."""
        from artifacts.api.answer_serializers import ResetSerializer
        from artifacts.services.upkeep.reset import reset_registry

        reset_registry(
            user=self.caller,
            token_digest=cast("str", request.auth),
            address=client_address(self.request),
        )
        return answer(ResetSerializer, {"reset": True})


def _look(window_minutes: int, *, with_timeline: bool = False) -> list[Component]:
    """Check the components, including the requests of this process."""
    database = health.get_database()
    if database.status == Status.OK:
        activity.flush()
        outages.write()
    else:
        activity.hold()
    return health.list_components(database, window_minutes, with_timeline=with_timeline)


def _database_facts(components: list[Component]) -> dict[str, Any]:
    """Return the window's requests and the database's migrations.

    {} while the database is unavailable, which `status` reports.
    """
    if any(each.id == "api" and each.status == Status.UNKNOWN for each in components):
        return {}
    try:
        found = health.get_activity(HEALTH_WINDOW_DEFAULT_MINUTES)
        migrations = get_migration_state()
    except Error:
        return {}
    return {"request_summary": found, "migrations": migrations}
