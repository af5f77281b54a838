"""Handing out downloads."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.serializers import DOWNLOAD_PARTS
from artifacts.api.views.base import ApiView, absolute, checked_id, checked_type
from artifacts.services.downloads import get_download


class ArtifactDownloadView(ApiView):
    """`/artifacts/{artifact_type}/{artifact_id}/download`."""

    @described(
        operation_id="ArtifactDownload",
        summary="Get a link to an artifact's bytes, whole or in part",
        parameters=[OpenApiParameter("part", str, enum=DOWNLOAD_PARTS, default="full")],
        responses={
            302: OpenApiResponse(description="The bytes are at the Location, for a while."),
            **refusals(400, 403, 404, 503),
        },
    )
    def get(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Redirect to the bytes."""
        found = get_download(
            artifact_type=checked_type(artifact_type),
            artifact_id=checked_id(artifact_id),
            part=request.query_params.get("part", "full"),
            user=self.caller,
            # Django has HEAD answered by the code of GET.
            method="HEAD" if request.method == "HEAD" else "GET",
        )
        return HttpResponseRedirect(absolute(request, found.url))
