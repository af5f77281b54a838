"""How much there is to download."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.serializers import COSTS_SCHEMA
from artifacts.api.views.base import ApiView, checked_flag, checked_id, checked_type, expose
from artifacts.enums import Part
from artifacts.exceptions import InvalidRequest
from artifacts.selectors.cost import get_cost, get_costs

# What a total lacks because nobody knows its size; the body has no place for it (contract).
UNKNOWN_HEADER = "X-Size-Unknown"
# Ids of this many stay under the 8 kB that proxies take in headers.
UNKNOWN_SHOWN_MAX = 50


class ArtifactCostView(ApiView):
    """`/artifact/{artifact_type}/{artifact_id}/cost`."""

    @described(
        operation_id="ArtifactCost",
        summary="The download size of an artifact in MB of 1,000,000 bytes",
        parameters=[
            OpenApiParameter("dependency", bool, description="With everything that it rests on."),
            OpenApiParameter("part", str, enum=Part.values, description="Of one part alone."),
            OpenApiParameter(
                UNKNOWN_HEADER,
                str,
                OpenApiParameter.HEADER,
                response=[200],
                description="Ids of dependencies that no source states a size of: no entry has "
                "them, and the totals lack them.",
            ),
        ],
        responses={200: COSTS_SCHEMA, **refusals(400, 403, 404, 413, 500)},
    )
    def get(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Answer by id: the artifact alone, or with an entry for each dependency."""
        checked_type(artifact_type)
        checked_id(artifact_id)
        part = request.query_params.get("part")
        if part is not None and part not in Part.values:
            raise InvalidRequest(f"part is one of {', '.join(Part.values)}.")
        if not checked_flag(request, "dependency"):
            cost_mb = get_cost(artifact_type, artifact_id, part=part)
            return JsonResponse({artifact_id: {"total_cost": cost_mb}})
        if part is not None:
            raise InvalidRequest("Ask either for a part or for the dependencies.")
        costs = get_costs(artifact_type, artifact_id)
        answer = JsonResponse({
            each: {"standalone_cost": cost.standalone_mb, "total_cost": cost.total_mb}
            for each, cost in costs.entries.items()
        })  # fmt: skip
        if costs.unknown:
            answer[UNKNOWN_HEADER] = ", ".join(costs.unknown[:UNKNOWN_SHOWN_MAX])
            expose(answer, UNKNOWN_HEADER)
        return answer
