"""Listing, registering, reading, replacing and deleting artifacts.

Services are imported by what changes something: with them come the sources and all that judges
models, which a cold start that only reads need not wait for.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from artifacts.api.schema import described, offsets, refusals
from artifacts.api.serializers import (
    ArtifactMetadataSerializer,
    ArtifactQuerySerializer,
    ArtifactSerializer,
    RegistrationSerializer,
)
from artifacts.api.views.base import (
    ApiView,
    checked_id,
    checked_type,
    envelope_of,
    metadata_of,
    paged,
)
from artifacts.exceptions import InvalidRequest
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.listing import ArtifactQuery, list_artifacts


class ArtifactsView(ApiView):
    """`/artifacts`."""

    @described(
        operation_id="ArtifactsList",
        summary="List the artifacts that fit at least one of some queries, page by page",
        request=ArtifactQuerySerializer(many=True),
        parameters=offsets(),
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 413)},
    )
    def post(self, request: Request) -> HttpResponse:
        """List a page; the `offset` header is there when another follows."""
        if not isinstance(request.data, list) or not request.data:
            raise InvalidRequest('The body is a list of queries, as in [{"name": "*"}].')
        queries = [
            ArtifactQuery(each["name"], tuple(each.get("types", ())), each.get("version"))
            for each in self.parsed(ArtifactQuerySerializer, many=True)
        ]
        page = list_artifacts(queries, request.query_params.get("offset"))
        return paged([metadata_of(each) for each in page.rows], page.next_offset)


class ArtifactCreateView(ApiView):
    """`/artifact/{artifact_type}`."""

    @described(
        operation_id="ArtifactCreate",
        summary="Register an artifact by the URL of its source",
        request=RegistrationSerializer,
        responses={
            201: ArtifactSerializer,
            202: OpenApiResponse(
                ArtifactSerializer,
                description="The source does not answer now; the artifact appears when it does.",
            ),
            **refusals(400, 403, 409, 424),
        },
    )
    def post(self, request: Request, artifact_type: str) -> HttpResponse:
        """Register."""
        from artifacts.services.registration import register_artifact

        checked_type(artifact_type)
        body = self.parsed(RegistrationSerializer)
        result = register_artifact(
            artifact_type=artifact_type, url=body["url"], name=body.get("name"), user=self.caller
        )
        status = 202 if result.is_deferred else 201
        return JsonResponse(envelope_of(request, result.artifact, result.url), status=status)


class ArtifactView(ApiView):
    """`/artifacts/{artifact_type}/{artifact_id}`."""

    @described(
        operation_id="ArtifactRetrieve",
        summary="Read an artifact",
        responses={200: ArtifactSerializer, **refusals(400, 403, 404)},
    )
    def get(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Read one artifact."""
        artifact = get_artifact(checked_type(artifact_type), checked_id(artifact_id))
        revision = artifact.current_revision
        return JsonResponse(envelope_of(request, artifact, revision.url if revision else ""))

    @described(
        operation_id="ArtifactUpdate",
        summary="Replace an artifact's content; the old revision is kept for the record",
        request=ArtifactSerializer,
        responses={
            200: ArtifactSerializer,
            202: OpenApiResponse(
                ArtifactSerializer, description="The source does not answer now; it is asked again."
            ),
            **refusals(400, 403, 404, 409),
        },
    )
    def put(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Replace; name, id and type must be the artifact's."""
        from artifacts.services.replacement import replace_artifact

        checked_type(artifact_type)
        checked_id(artifact_id)
        body = self.parsed(ArtifactSerializer)
        metadata = body["metadata"]
        if (metadata["id"], metadata["type"]) != (artifact_id, artifact_type):
            raise InvalidRequest("Id and type in the body must be those of the path.")
        result = replace_artifact(
            artifact_type=artifact_type,
            artifact_id=artifact_id,
            name=metadata["name"],
            url=body["data"]["url"],
            user=self.caller,
        )
        status = 202 if result.is_deferred else 200
        return JsonResponse(envelope_of(request, result.artifact, result.url), status=status)

    @described(
        operation_id="ArtifactDelete",
        summary="Delete an artifact",
        request=None,
        responses={200: OpenApiResponse(description="Deleted."), **refusals(400, 403, 404)},
    )
    def delete(
        self,
        request: Request,  # noqa: ARG002  (the interface's)
        artifact_type: str,
        artifact_id: str,
    ) -> HttpResponse:
        """Delete one artifact."""
        from artifacts.services.deletion import delete_artifact

        delete_artifact(
            artifact_type=checked_type(artifact_type),
            artifact_id=checked_id(artifact_id),
            user=self.caller,
        )
        return JsonResponse({"deleted": artifact_id})
