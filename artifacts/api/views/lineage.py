"""What a model was made from, and what was made from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.serializers import LineageGraphSerializer
from artifacts.api.views.base import ApiView, checked_id, expose
from artifacts.selectors.lineage import LineageNode, get_lineage

# The body has no place for it (contract).
CUT_HEADER = "X-Lineage-Cut"


class ModelLineageView(ApiView):
    """`/artifact/model/{artifact_id}/lineage`."""

    @described(
        operation_id="ArtifactLineageGet",
        summary="The family of a model, as far as the registry knows it",
        parameters=[
            OpenApiParameter(
                CUT_HEADER,
                bool,
                OpenApiParameter.HEADER,
                response=[200],
                description="`true` when the family is larger than an answer shows.",
            )
        ],
        responses={200: LineageGraphSerializer, **refusals(400, 403, 404)},
    )
    def get(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002
        """Answer the whole connected family; parents that are not registered are in it."""
        graph = get_lineage(checked_id(artifact_id))
        answer = JsonResponse({
            "nodes": [_node(each) for each in graph.nodes.values()],
            "edges": [
                {
                    "from_node_artifact_id": link.parent_id,
                    "to_node_artifact_id": link.child_id,
                    "relationship": link.relationship,
                }
                for link in graph.links.values()
            ],
        })  # fmt: skip
        if graph.is_cut:
            answer[CUT_HEADER] = "true"
            expose(answer, CUT_HEADER)
        return answer


def _node(node: LineageNode) -> dict[str, Any]:
    """Return a node; what is not known is left out, never null (contract/decisions)."""
    known: dict[str, Any] = {"artifact_id": node.artifact_id, "name": node.name}
    # A model at the top of its family is known because it is registered.
    known["source"] = node.source or "registered"
    # Those of uploads lead nowhere outside.
    if node.repository_url.startswith(("https://", "http://")):
        known["metadata"] = {"repository_url": node.repository_url}
    return known
