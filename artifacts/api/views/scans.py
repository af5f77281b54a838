"""What scans found."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from artifacts.api.rendering import answer
from artifacts.api.scan_serializers import ScansSerializer
from artifacts.api.schema import described, refusals
from artifacts.api.views.base import ApiViewSet, checked_id, checked_type
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.trust.scans import get_scans


class ScanViewSet(ApiViewSet):
    """`/artifact/{artifact_type}/{artifact_id}/scans`."""

    @described(
        operation_id="ArtifactScansGet",
        summary="What the scan for code found in the files of an artifact",
        responses={200: ScansSerializer, **refusals(400, 403, 404)},
    )
    def retrieve(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Answer the verdict, and each file in which something was found."""
        artifact = get_artifact(
            checked_type(artifact_type),
            checked_id(artifact_id),
            with_quarantined=self.caller.may("decide"),
        )
        return answer(ScansSerializer, get_scans(artifact.current_revision))
