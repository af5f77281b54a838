"""The programs of sensitive models: setting, trying out, and what they decided."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from artifacts.api.monitor_serializers import (
    DecidedDownloadSerializer,
    MonitorAnswerSerializer,
    MonitorSerializer,
    MonitorTrialAnswerSerializer,
    MonitorTrialSerializer,
)
from artifacts.api.rendering import all_shown, answer
from artifacts.api.schema import described, offsets, refusals
from artifacts.api.views.base import ApiViewSet, checked_id, paged
from artifacts.selectors.content.monitors import get_monitor, get_own_model, list_downloads


class MonitorViewSet(ApiViewSet):
    """`/artifact/model/{artifact_id}/monitor` and `/downloads`: for its uploader and staff alone.

    Actions import services themselves, like those about models.
    """

    @described(
        operation_id="ArtifactMonitorGet",
        summary="The program that decides about a model's downloads, and its history",
        responses={200: MonitorAnswerSerializer, **refusals(400, 403, 404)},
    )
    def retrieve(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Answer the program and its changes."""
        get_own_model(checked_id(artifact_id), self.caller)
        return answer(MonitorAnswerSerializer, get_monitor(artifact_id))

    @described(
        operation_id="ArtifactMonitorSet",
        summary="Set the program that decides about a model's downloads",
        request=MonitorSerializer,
        responses={200: MonitorAnswerSerializer, **refusals(400, 403, 404, 409, 413, 503)},
    )
    def update(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Set it; it decides from now on."""
        from artifacts.services.content.monitors import set_monitor

        program = self.parsed(MonitorSerializer)["program"]
        found = set_monitor(artifact_id=checked_id(artifact_id), program=program, user=self.caller)
        return answer(MonitorAnswerSerializer, found)

    @described(
        operation_id="ArtifactMonitorDelete",
        summary="Remove the program that decides about a model's downloads",
        responses={200: MonitorAnswerSerializer, **refusals(400, 403, 404, 503)},
    )
    def destroy(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Remove it; the history remains."""
        from artifacts.services.content.monitors import remove_monitor

        remove_monitor(artifact_id=checked_id(artifact_id), user=self.caller)
        return answer(MonitorAnswerSerializer, get_monitor(artifact_id))

    @described(
        operation_id="ArtifactMonitorTry",
        summary="Run a program as if the caller were about to download the model",
        request=MonitorTrialSerializer,
        responses={200: MonitorTrialAnswerSerializer, **refusals(400, 403, 404, 413, 503)},
    )
    def try_out(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Run it and say how it ended; nothing is kept of that."""
        from artifacts.services.content.monitors import try_monitor

        program = self.parsed(MonitorTrialSerializer).get("program")
        judged = try_monitor(artifact_id=checked_id(artifact_id), user=self.caller, program=program)
        return answer(MonitorTrialAnswerSerializer, judged)

    @described(
        operation_id="ArtifactDownloadsGet",
        summary="Who downloaded a model, or was refused, page by page",
        parameters=offsets(),
        responses={200: DecidedDownloadSerializer(many=True), **refusals(400, 403, 404)},
    )
    def enumerate_downloads(self, request: Request, artifact_id: str) -> HttpResponse:
        """Answer a page, the latest first."""
        get_own_model(checked_id(artifact_id), self.caller)
        page = list_downloads(artifact_id, request.query_params.get("offset"))
        return paged(all_shown(DecidedDownloadSerializer, page.rows), page.next_offset)
