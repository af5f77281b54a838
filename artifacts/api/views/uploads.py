"""Uploads: announced, sent to the bucket at once or in parts, then registered like any URL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.upload_serializers import (
    PartDigestsSerializer,
    PartRequestsSerializer,
    PartTargetsSerializer,
    UploadSerializer,
    UploadStateSerializer,
    UploadTargetSerializer,
)
from artifacts.api.views.base import ApiView, absolute
from artifacts.exceptions import InvalidRequest
from artifacts.models import Upload
from artifacts.services.uploads import (
    PartRequest,
    abort_upload,
    begin_upload,
    complete_upload,
    get_upload,
    list_sent_parts,
    sign_parts,
)
from artifacts.storage.base import UploadTarget


class UploadsView(ApiView):
    """`/uploads`."""

    @described(
        operation_id="UploadBegin",
        summary="Announce a zip: the answer says where to send it and how to register it",
        request=UploadSerializer,
        responses={201: UploadTargetSerializer, **refusals(400, 403, 413, 503)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Announce an upload."""
        upload, target = begin_upload(user=self.caller, **self.parsed(UploadSerializer))
        answer = {"id": str(upload.id), "url": upload.url} | _plan_of(upload)
        if target is not None:
            answer |= _sent_to(request, target)
        return JsonResponse(answer, status=201)


class UploadView(ApiView):
    """`/uploads/{upload_id}`."""

    @described(
        operation_id="UploadRetrieve",
        summary="See how far an upload is, and which of its parts are there",
        responses={200: UploadStateSerializer, **refusals(400, 403, 404, 503)},
    )
    def get(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Read one upload."""
        upload = get_upload(user=self.caller, upload_id=_checked(upload_id))
        return JsonResponse(_state_of(upload))

    @described(
        operation_id="UploadAbort",
        summary="Forget an upload and what was sent of it",
        responses={
            200: OpenApiResponse(description="Forgotten."), **refusals(400, 403, 404, 503)
        },
    )  # fmt: skip
    def delete(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Abort one upload."""
        abort_upload(user=self.caller, upload_id=_checked(upload_id))
        return JsonResponse({"deleted": upload_id})


class UploadPartsView(ApiView):
    """`/uploads/{upload_id}/parts`."""

    @described(
        operation_id="UploadPartsSign",
        summary="Say where parts of an upload may be sent, each for an hour at most",
        request=PartRequestsSerializer,
        responses={200: PartTargetsSerializer, **refusals(400, 403, 404, 409, 503)},
    )
    def post(self, request: Request, upload_id: str) -> HttpResponse:
        """Sign parts."""
        body = self.parsed(PartRequestsSerializer)
        targets = sign_parts(
            user=self.caller,
            upload_id=_checked(upload_id),
            parts=[PartRequest(**each) for each in body["parts"]],
        )
        parts = [{"number": number} | _sent_to(request, target) for number, target in targets]
        return JsonResponse({"parts": parts})


class UploadCompleteView(ApiView):
    """`/uploads/{upload_id}/complete`."""

    @described(
        operation_id="UploadComplete",
        summary="Join the parts of an upload, and have its digest computed",
        request=PartDigestsSerializer,
        responses={
            202: OpenApiResponse(
                UploadStateSerializer, description="Joined; to be registered once it is checked."
            ),
            **refusals(400, 403, 404, 409, 503),
        },
    )
    def post(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Complete one upload."""
        upload = complete_upload(
            user=self.caller,
            upload_id=_checked(upload_id),
            digests=self.parsed(PartDigestsSerializer)["sha256"],
        )
        return JsonResponse(_state_of(upload), status=202)


def _checked(upload_id: str) -> UUID:
    """Return an upload's id out of a path.

    Raises:
        InvalidRequest: no id can look like this.
    """
    try:
        return UUID(upload_id)
    except ValueError as error:
        raise InvalidRequest(
            f"{upload_id[:100]!r} is no upload's id. POST /uploads answers one."
        ) from error


def _sent_to(request: Request, target: UploadTarget) -> dict[str, Any]:
    """Return where and how bytes are to be sent."""
    return {
        "upload_url": absolute(request, target.url),
        "method": target.method,
        "headers": dict(target.headers),
    }


def _plan_of(upload: Upload) -> dict[str, Any]:
    """Return how an upload is divided; nothing for one that is sent at once."""
    if not upload.parts_id:
        return {}
    return {"part_size_bytes": upload.part_size_bytes, "part_count": upload.part_count}


def _state_of(upload: Upload) -> dict[str, Any]:
    """Return an upload as its owner sees it."""
    parts = [
        {"number": part.number, "size_bytes": part.size_bytes, "sha256": part.sha256}
        for part in list_sent_parts(upload)
    ]
    return {
        "id": str(upload.id),
        "url": upload.url,
        "filename": upload.filename,
        "size_bytes": upload.size_bytes,
        "sha256": upload.sha256,
        "state": upload.state,
        "reason": upload.reason,
        **_plan_of(upload),
        "parts": parts,
    }
