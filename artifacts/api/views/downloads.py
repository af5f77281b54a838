"""Handing out downloads, and announcing uploads."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from artifacts.api.schema import refusals
from artifacts.api.serializers import DOWNLOAD_PARTS, UploadSerializer, UploadTargetSerializer
from artifacts.api.views.base import ApiView, absolute, checked_id, checked_type
from artifacts.services.downloads import get_download
from artifacts.services.uploads import begin_upload
from artifacts.sources.uploads import upload_url


class ArtifactDownloadView(ApiView):
    """`/artifacts/{artifact_type}/{artifact_id}/download`."""

    @extend_schema(
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
        )
        answer = HttpResponseRedirect(absolute(request, found.url))
        # The link is a secret of this caller, and ends soon.
        answer["Cache-Control"] = "no-store"
        return answer


class UploadsView(ApiView):
    """`/uploads`."""

    @extend_schema(
        operation_id="UploadBegin",
        summary="Announce a zip: the answer says where to send it and how to register it",
        request=UploadSerializer,
        responses={201: UploadTargetSerializer, **refusals(400, 403, 413)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Announce an upload."""
        body = self.parsed(UploadSerializer)
        upload, target = begin_upload(user=self.caller, **body)
        answer = {
            "url": upload_url(upload),
            "upload_url": absolute(request, target.url),
            "method": target.method,
            "headers": dict(target.headers),
        }
        return JsonResponse(answer, status=201)
