"""Finding artifacts by name and by regular expression."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from artifacts.api.schema import described, offsets, refusals
from artifacts.api.serializers import ArtifactMetadataSerializer, RegExSerializer
from artifacts.api.views.base import ApiView, metadata_of, paged
from artifacts.selectors.listing import find_by_name
from artifacts.selectors.search import find_by_expression


class ArtifactByNameView(ApiView):
    """`/artifact/byName/{name}`."""

    @described(
        operation_id="ArtifactByNameGet",
        summary="Find artifacts by their exact name, page by page",
        parameters=offsets(),
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 404)},
    )
    def get(self, request: Request, name: str) -> HttpResponse:
        """Find by name."""
        page = find_by_name(name, request.query_params.get("offset"))
        return paged([metadata_of(each) for each in page.rows], page.next_offset)


class ArtifactByRegExView(ApiView):
    """`/artifact/byRegEx`."""

    @described(
        operation_id="ArtifactByRegExGet",
        summary="Find artifacts whose name or README a regular expression is found in",
        request=RegExSerializer,
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 404, 413)},
    )
    def post(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Find by expression."""
        found = find_by_expression(self.parsed(RegExSerializer)["regex"])
        return JsonResponse([metadata_of(each) for each in found], safe=False)
