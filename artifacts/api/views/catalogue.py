"""List, register, read, replace, delete, find and download artifacts.

Actions import services themselves: services import the sources and the rating of models, which a
cold start that only reads does not need.
"""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from artifacts.api.answer_serializers import (
    DOWNLOAD_PARTS,
    ArtifactMetadataSerializer,
    ArtifactSerializer,
    AuditEntrySerializer,
    CostSerializer,
    DeletedSerializer,
)
from artifacts.api.rendering import all_shown, answer, shown
from artifacts.api.schema import described, offsets, refusals
from artifacts.api.serializers import (
    ArtifactQuerySerializer,
    RegExSerializer,
    RegistrationSerializer,
    ReplacementSerializer,
)
from artifacts.api.views.base import (
    ApiViewSet,
    absolute,
    answer_artifact,
    checked_flag,
    checked_id,
    checked_type,
    expose,
    paged,
)
from artifacts.enums import Part
from artifacts.exceptions import InvalidRequest
from artifacts.rules.names import RESERVED_NAME
from artifacts.rules.search.sought import list_matched, list_sought
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.catalogue.listing import ArtifactQuery, find_by_name, list_artifacts
from artifacts.services.trust.searches import note_search

# Names what a total leaves out for lack of a size; the contract's body has no place for it.
UNKNOWN_HEADER = "X-Size-Unknown"
# Names what the new artifact may be mistaken for; the contract's body has no place for it.
LOOK_ALIKES_HEADER = "X-Look-Alikes"
# So many ids stay under the 8 kB that proxies allow for headers.
UNKNOWN_SHOWN_MAX = 50


class ArtifactViewSet(ApiViewSet):
    """`/artifacts`, `/artifact`, and the paths below them for artifacts of all types."""

    @described(
        operation_id="ArtifactsList",
        summary="List the artifacts that fit at least one of some queries, page by page",
        request=ArtifactQuerySerializer(many=True),
        parameters=offsets(),
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 413)},
    )
    def enumerate(self, request: Request) -> HttpResponse:
        """List a page; the `offset` header is there when another follows."""
        if not isinstance(request.data, list) or not request.data:
            raise InvalidRequest('The body is a list of queries, as in [{"name": "*"}].')
        queries = [
            ArtifactQuery(each["name"], tuple(each.get("types", ())), each.get("version"))
            for each in self.parsed(ArtifactQuerySerializer, many=True)
        ]
        offset = request.query_params.get("offset")
        page = list_artifacts(queries, offset)
        if offset is None:
            asked = {each.name for each in queries} - {RESERVED_NAME}
            note_search(self.caller, list_matched(page.rows, asked.__contains__))
        return paged(all_shown(ArtifactMetadataSerializer, page.rows), page.next_offset)

    @described(
        operation_id="ArtifactCreate",
        summary="Register an artifact by the URL of its source",
        request=RegistrationSerializer,
        parameters=[
            OpenApiParameter(
                LOOK_ALIKES_HEADER,
                str,
                OpenApiParameter.HEADER,
                response=[201],
                description="Ids of artifacts that people may mistake it for, the likeliest first; "
                "absent if there are none.",
            )
        ],
        responses={
            201: ArtifactSerializer,
            202: OpenApiResponse(
                ArtifactSerializer,
                description="The source does not answer now; the artifact appears when it does.",
            ),
            **refusals(400, 403, 404, 409, 424, 502),
        },
    )
    def create(self, request: Request, artifact_type: str) -> HttpResponse:
        """Register."""
        from artifacts.selectors.trust.look_alikes import list_warned_ids
        from artifacts.services.catalogue.registration import register_artifact

        artifact_type = checked_type(artifact_type)
        body = self.parsed(RegistrationSerializer)
        result = register_artifact(
            artifact_type=artifact_type, url=body["url"], name=body.get("name"), user=self.caller
        )
        status = 202 if result.is_deferred else 201
        answered = answer_artifact(request, result.artifact, result.url, status=status)
        if warned := list_warned_ids(result.artifact.id):
            answered[LOOK_ALIKES_HEADER] = ", ".join(warned)
            expose(answered, LOOK_ALIKES_HEADER)
        return answered

    @described(
        operation_id="ArtifactRetrieve",
        summary="Read an artifact",
        responses={200: ArtifactSerializer, **refusals(400, 403, 404)},
    )
    def retrieve(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Read one artifact."""
        artifact = get_artifact(
            checked_type(artifact_type), checked_id(artifact_id), with_quarantined=self.decides
        )
        revision = artifact.current_revision
        return answer_artifact(request, artifact, revision.url if revision else "")

    @described(
        operation_id="ArtifactUpdate",
        summary="Replace an artifact's content; the old revision is kept for the record",
        request=ReplacementSerializer,
        responses={
            200: ArtifactSerializer,
            202: OpenApiResponse(
                ArtifactSerializer, description="The source does not answer now; it is asked again."
            ),
            **refusals(400, 403, 404, 409, 502),
        },
    )
    def update(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Replace; name, id and type must be the artifact's."""
        from artifacts.services.catalogue.replacement import replace_artifact

        artifact_type = checked_type(artifact_type)
        checked_id(artifact_id)
        body = self.parsed(ReplacementSerializer)
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
        return answer_artifact(request, result.artifact, result.url, status=status)

    @described(
        operation_id="ArtifactDelete",
        summary="Delete an artifact",
        request=None,
        responses={
            200: OpenApiResponse(DeletedSerializer, description="Deleted."),
            **refusals(400, 403, 404),
        },
    )
    def destroy(
        self,
        request: Request,  # noqa: ARG002  (the interface's)
        artifact_type: str,
        artifact_id: str,
    ) -> HttpResponse:
        """Delete one artifact."""
        from artifacts.services.catalogue.deletion import delete_artifact

        delete_artifact(
            artifact_type=checked_type(artifact_type),
            artifact_id=checked_id(artifact_id),
            user=self.caller,
        )
        return answer(DeletedSerializer, {"deleted": artifact_id})

    @described(
        operation_id="ArtifactByRegExGet",
        summary="Find artifacts whose name or README a regular expression is found in",
        request=RegExSerializer,
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 404, 413)},
    )
    def match(self, request: Request) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Find by expression."""
        from artifacts.selectors.catalogue.search import find_by_expression

        found = find_by_expression(self.parsed(RegExSerializer)["regex"])
        note_search(self.caller, found.sought)
        return JsonResponse(all_shown(ArtifactMetadataSerializer, found.artifacts), safe=False)

    @described(
        operation_id="ArtifactByNameGet",
        summary="Find artifacts by their exact name, page by page",
        parameters=offsets(),
        responses={200: ArtifactMetadataSerializer(many=True), **refusals(400, 403, 404)},
    )
    def by_name(self, request: Request, name: str) -> HttpResponse:
        """Find by name."""
        offset = request.query_params.get("offset")
        page = find_by_name(name, offset)
        if offset is None:
            note_search(self.caller, list_sought(page.rows, name))
        return paged(all_shown(ArtifactMetadataSerializer, page.rows), page.next_offset)

    @described(
        operation_id="ArtifactDownload",
        summary="Get a link to an artifact's bytes, whole or in part",
        parameters=[OpenApiParameter("part", str, enum=DOWNLOAD_PARTS, default="full")],
        responses={
            302: OpenApiResponse(description="The bytes are at the Location, for a while."),
            **refusals(400, 403, 404, 424, 503),
        },
    )
    def download(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Redirect to the bytes."""
        from artifacts.services.content.downloads import get_download

        found = get_download(
            artifact_type=checked_type(artifact_type),
            artifact_id=checked_id(artifact_id),
            part=request.query_params.get("part", "full"),
            user=self.caller,
            # Django answers HEAD with the code of GET.
            method="HEAD" if request.method == "HEAD" else "GET",
        )
        return HttpResponseRedirect(absolute(request, found.url))

    @described(
        operation_id="ArtifactCost",
        summary="The download size of an artifact in MB of 1,000,000 bytes",
        parameters=[
            OpenApiParameter("dependency", bool, description="With everything that it rests on."),
            OpenApiParameter("part", str, enum=Part.values(), description="Of one part alone."),
            OpenApiParameter(
                UNKNOWN_HEADER,
                str,
                OpenApiParameter.HEADER,
                response=[200],
                description="Ids of dependencies that no source states a size of: no entry has "
                "them, and the totals lack them.",
            ),
        ],
        responses={200: CostSerializer, **refusals(400, 403, 404, 413, 500)},
    )
    def cost(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Answer by id: the artifact alone, or with an entry for each dependency."""
        from artifacts.selectors.catalogue.cost import get_cost, get_costs

        artifact_type = checked_type(artifact_type)
        checked_id(artifact_id)
        part = request.query_params.get("part")
        if part is not None and Part.find_word(part) is None:
            raise InvalidRequest(f"part is one of {', '.join(Part.values())}.")
        if not checked_flag(request, "dependency"):
            cost_mb = get_cost(artifact_type, artifact_id, part=part, with_quarantined=self.decides)
            return JsonResponse({artifact_id: shown(CostSerializer, {"total_mb": cost_mb})})
        if part is not None:
            raise InvalidRequest("Ask either for a part or for the dependencies.")
        costs = get_costs(artifact_type, artifact_id, with_quarantined=self.decides)
        found = JsonResponse(
            {each: shown(CostSerializer, cost) for each, cost in costs.entries.items()}
        )
        if costs.unknown:
            found[UNKNOWN_HEADER] = ", ".join(costs.unknown[:UNKNOWN_SHOWN_MAX])
            expose(found, UNKNOWN_HEADER)
        return found

    @described(
        operation_id="ArtifactAuditGet",
        summary="Who did what to an artifact, and when, page by page",
        parameters=offsets(),
        responses={200: AuditEntrySerializer(many=True), **refusals(400, 403, 404)},
    )
    def audit(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Read a page of the trail, which is an entry itself."""
        from artifacts.selectors.access.audit import list_audit_entries
        from artifacts.services.access.audit import record_reading

        artifact = get_artifact(
            checked_type(artifact_type), checked_id(artifact_id), with_quarantined=self.decides
        )
        record_reading(artifact=artifact, user=self.caller)
        page = list_audit_entries(artifact_id, request.query_params.get("offset"))
        return paged(all_shown(AuditEntrySerializer, page.rows), page.next_offset)
