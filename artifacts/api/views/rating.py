"""Rating, lineage, cost and license check: routed, and not built yet."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from artifacts.api.schema import refusals
from artifacts.api.serializers import LicenseCheckSerializer
from artifacts.api.views.base import ApiView, checked_id, checked_type
from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import InvalidRequest, NotBuiltYet
from artifacts.selectors.artifacts import get_artifact
from artifacts.sources.catalogue import find_source

_LATER = OpenApiResponse(description="What the contract describes, in a later version.")


def _refuse(artifact_type: str, artifact_id: str) -> HttpResponse:
    """Answer what is wrong with the request, else that the operation does not exist yet."""
    get_artifact(checked_type(artifact_type), checked_id(artifact_id))
    raise NotBuiltYet("This version of the registry does not do this yet.")


class ModelRateView(ApiView):
    """`/artifact/model/{artifact_id}/rate`."""

    @extend_schema(
        operation_id="ModelArtifactRate",
        summary="Rate a model (not built yet)",
        responses={200: _LATER, **refusals(400, 403, 404, 500, 501)},
    )
    def get(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer 501 for a model that exists."""
        return _refuse(ArtifactType.MODEL, artifact_id)


class ArtifactCostView(ApiView):
    """`/artifact/{artifact_type}/{artifact_id}/cost`."""

    @extend_schema(
        operation_id="ArtifactCost",
        summary="The download size of an artifact (not built yet)",
        parameters=[OpenApiParameter("dependency", bool)],
        responses={200: _LATER, **refusals(400, 403, 404, 500, 501)},
    )
    def get(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer 501 for an artifact that exists."""
        return _refuse(artifact_type, artifact_id)


class ModelLineageView(ApiView):
    """`/artifact/model/{artifact_id}/lineage`."""

    @extend_schema(
        operation_id="ArtifactLineageGet",
        summary="What a model was made from (not built yet)",
        responses={200: _LATER, **refusals(400, 403, 404, 501)},
    )
    def get(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer 501 for a model that exists."""
        return _refuse(ArtifactType.MODEL, artifact_id)


class LicenseCheckView(ApiView):
    """`/artifact/model/{artifact_id}/license-check`."""

    @extend_schema(
        operation_id="ArtifactLicenseCheck",
        summary="May a GitHub project use a model (not built yet)",
        request=LicenseCheckSerializer,
        responses={200: _LATER, **refusals(400, 403, 404, 501, 502)},
    )
    def post(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer 501 for a model that exists."""
        url = self.parsed(LicenseCheckSerializer)["github_url"]
        _, reference = find_source(url)
        if reference.kind != SourceKind.GITHUB:
            raise InvalidRequest("github_url must be the address of a repository on GitHub.")
        return _refuse(ArtifactType.MODEL, artifact_id)
