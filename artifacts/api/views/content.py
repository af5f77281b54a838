"""Uploads: announced, sent to the bucket at once or in parts, then registered like any URL."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from artifacts.api.answer_serializers import DeletedSerializer
from artifacts.api.rendering import answer
from artifacts.api.schema import described, refusals
from artifacts.api.upload_serializers import (
    PartDigestsSerializer,
    PartRequestsSerializer,
    PartTargetsSerializer,
    UploadSerializer,
    UploadStateSerializer,
    UploadTargetSerializer,
)
from artifacts.api.views.base import ApiViewSet, absolute
from artifacts.exceptions import InvalidRequest
from artifacts.models import Upload
from artifacts.services.content.uploads import (
    PartRequest,
    abort_upload,
    begin_upload,
    complete_upload,
    get_upload,
    list_sent_parts,
    sign_parts,
)
from artifacts.storage.base import UploadTarget


class UploadViewSet(ApiViewSet):
    """`/uploads` and the paths below it; the service checks who owns an upload."""

    @described(
        operation_id="UploadBegin",
        summary="Announce a zip: the answer says where to send it and how to register it",
        request=UploadSerializer,
        responses={201: UploadTargetSerializer, **refusals(400, 403, 413, 503)},
    )
    def create(self, request: Request) -> HttpResponse:
        """Announce an upload."""
        upload, target = begin_upload(user=self.caller, **self.parsed(UploadSerializer))
        begun = {"id": upload.id, "url": upload.url} | _describe_parts(upload)
        if target is not None:
            begun |= _sent_to(request, target)
        return answer(UploadTargetSerializer, begun, status=201)

    @described(
        operation_id="UploadRetrieve",
        summary="See how far an upload is, and which of its parts are there",
        responses={200: UploadStateSerializer, **refusals(400, 403, 404, 503)},
    )
    def retrieve(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Read one upload."""
        upload = get_upload(user=self.caller, upload_id=_checked(upload_id))
        return _answer_state(upload)

    @described(
        operation_id="UploadAbort",
        summary="Forget an upload and what was sent of it",
        responses={
            200: OpenApiResponse(DeletedSerializer, description="Forgotten."),
            **refusals(400, 403, 404, 503),
        },
    )
    def destroy(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Abort one upload."""
        abort_upload(user=self.caller, upload_id=_checked(upload_id))
        return answer(DeletedSerializer, {"deleted": upload_id})

    @described(
        operation_id="UploadPartsSign",
        summary="Say where parts of an upload may be sent, each for an hour at most",
        request=PartRequestsSerializer,
        responses={200: PartTargetsSerializer, **refusals(400, 403, 404, 409, 503)},
    )
    def sign_parts(self, request: Request, upload_id: str) -> HttpResponse:
        """Sign parts."""
        body = self.parsed(PartRequestsSerializer)
        targets = sign_parts(
            user=self.caller,
            upload_id=_checked(upload_id),
            parts=[PartRequest(**each) for each in body["parts"]],
        )
        parts = [{"number": number} | _sent_to(request, target) for number, target in targets]
        return answer(PartTargetsSerializer, {"parts": parts})

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
    def complete(self, request: Request, upload_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Complete one upload."""
        upload = complete_upload(
            user=self.caller,
            upload_id=_checked(upload_id),
            digests=self.parsed(PartDigestsSerializer)["sha256"],
        )
        return _answer_state(upload, status=202)


def _checked(upload_id: str) -> UUID:
    """Return the upload id in a path.

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
    """Return address, method and headers for sending bytes."""
    return {
        "upload_url": absolute(request, target.url),
        "method": target.method,
        "headers": dict(target.headers),
    }


def _describe_parts(upload: Upload) -> dict[str, Any]:
    """Return size and number of an upload's parts; None for one sent in one piece."""
    if not upload.parts_id:
        return {"part_size_bytes": None, "part_count": None}
    return {"part_size_bytes": upload.part_size_bytes, "part_count": upload.part_count}


def _answer_state(upload: Upload, *, status: int = 200) -> HttpResponse:
    """Answer with an upload as its owner sees it."""
    known = {"url": upload.url, "parts": list_sent_parts(upload)} | _describe_parts(upload)
    return answer(UploadStateSerializer, vars(upload) | known, status=status)
