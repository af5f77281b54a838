"""What a model was made from, and what was made from it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.serializers import LineageGraphSerializer
from artifacts.api.views.base import ApiView, checked_id, expose
from artifacts.limits import GRAPH_MAX_BYTES
from artifacts.selectors.lineage import LineageGraph, LineageNode, get_lineage

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
    def get(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Answer the whole connected family; parents that are not registered are in it."""
        graph = get_lineage(checked_id(artifact_id))
        nodes, links, is_all = _fitting(graph)
        answer = JsonResponse({"nodes": nodes, "edges": links})
        if graph.is_cut or not is_all:
            answer[CUT_HEADER] = "true"
            expose(answer, CUT_HEADER)
        return answer


def _fitting(graph: LineageGraph) -> tuple[list[dict[str, Any]], list[dict[str, str]], bool]:
    """Return as much of a family as one answer carries, and whether that is all of it.

    Nodes come in the order of the walk, so the nearest ones stay; edges only between those.
    """
    nodes: dict[str, dict[str, Any]] = {}
    size_bytes = 0
    for key, each in graph.nodes.items():
        node = _node(each)
        size_bytes += _carried_bytes(node)
        if size_bytes > GRAPH_MAX_BYTES:
            break
        nodes[key] = node
    links = []
    for link in graph.links.values():
        if link.parent_id not in nodes or link.child_id not in nodes:
            continue
        edge = {
            "from_node_artifact_id": link.parent_id,
            "to_node_artifact_id": link.child_id,
            "relationship": link.relationship,
        }
        size_bytes += _carried_bytes(edge)
        if size_bytes > GRAPH_MAX_BYTES:
            break
        links.append(edge)
    is_all = (len(nodes), len(links)) == (len(graph.nodes), len(graph.links))
    return list(nodes.values()), links, is_all


def _carried_bytes(part: dict[str, Any]) -> int:
    """Return how much of an answer a part of it takes."""
    text = json.dumps(part)
    return len(text) + text.count('"') + text.count("\\") + 2


def _node(node: LineageNode) -> dict[str, Any]:
    """Return a node; what is not known is left out, never null (contract/decisions)."""
    known: dict[str, Any] = {"artifact_id": node.artifact_id, "name": node.name}
    # A model at the top of its family is known because it is registered.
    known["source"] = node.source or "registered"
    # Those of uploads lead nowhere outside.
    if node.repository_url.startswith(("https://", "http://")):
        known["metadata"] = {"repository_url": node.repository_url}
    return known
