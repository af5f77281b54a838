"""Rating, lineage and license of models."""

from __future__ import annotations

import json

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from artifacts.api.answer_serializers import (
    LicenseExplanationSerializer,
    LineageEdgeSerializer,
    LineageGraphSerializer,
    LineageNodeSerializer,
    ModelRatingSerializer,
)
from artifacts.api.rendering import Shown, answer, shown
from artifacts.api.schema import described, refusals
from artifacts.api.serializers import LicenseCheckSerializer
from artifacts.api.views.base import ApiViewSet, checked_flag, checked_id, expose
from artifacts.limits import GRAPH_MAX_BYTES
from artifacts.selectors.lineage.graph import LineageGraph, get_lineage
from artifacts.selectors.trust.rating import get_rating

# The body has no place for it (contract).
CUT_HEADER = "X-Lineage-Cut"


class ModelViewSet(ApiViewSet):
    """`/artifact/model/{artifact_id}/...`: operations for models alone.

    Actions import services themselves: services import all rules about models and licenses.
    """

    @described(
        operation_id="ModelArtifactRate",
        summary="The rating of a model, as it was made at registration or since",
        parameters=[
            OpenApiParameter("evidence", bool, description="Add reasons and facts."),
            OpenApiParameter(
                "refresh", bool, description="Rate it anew first; for those who may upload."
            ),
        ],
        responses={200: ModelRatingSerializer, **refusals(400, 403, 404, 500)},
    )
    def rate(self, request: Request, artifact_id: str) -> HttpResponse:
        """Answer from the rating's row, after making a new one if that was asked for."""
        checked_id(artifact_id)
        with_evidence = checked_flag(request, "evidence")
        if checked_flag(request, "refresh"):
            from artifacts.services.trust.rating import refresh_rating

            refresh_rating(artifact_id=artifact_id, user=self.caller)
        rating = get_rating(artifact_id, with_evidence=with_evidence, with_quarantined=self.decides)
        if rating.is_provisional:
            from artifacts.services.trust.rating import wait_for_rating

            if wait_for_rating(artifact_id):
                rating = get_rating(
                    artifact_id, with_evidence=with_evidence, with_quarantined=self.decides
                )
        body = {"name": rating.name, "category": rating.category, **rating.numbers}
        if with_evidence:
            body |= {
                "is_incomplete": rating.is_incomplete,
                "gate": {
                    "verdict": rating.gate,
                    "summary": rating.gate_summary,
                    "reasons": rating.gate_reasons,
                    "thresholds": rating.gate_thresholds,
                },
                "evidence": rating.results,
            }
        return answer(ModelRatingSerializer, body)

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
    def lineage(self, request: Request, artifact_id: str) -> HttpResponse:  # noqa: ARG002  (the interface's)
        """Answer the whole connected family; parents that are not registered are in it."""
        graph = get_lineage(checked_id(artifact_id), with_quarantined=self.decides)
        nodes, edges, is_all = _fitting(graph)
        found = JsonResponse({"nodes": nodes, "edges": edges})
        if graph.is_cut or not is_all:
            found[CUT_HEADER] = "true"
            expose(found, CUT_HEADER)
        return found

    @described(
        operation_id="ArtifactLicenseCheck",
        summary="May a GitHub project fine-tune a model and run inference with it",
        request=LicenseCheckSerializer,
        parameters=[
            OpenApiParameter("explain", bool, description="Answer an object with the reasons.")
        ],
        responses={
            200: OpenApiResponse(
                LicenseExplanationSerializer,
                description="Whether it may; with `explain`, and why.",
            ),
            **refusals(400, 403, 404, 502),
        },
    )
    def license_check(self, request: Request, artifact_id: str) -> HttpResponse:
        """Answer true or false, or with reasons when they are asked for."""
        from artifacts.services.trust.licensing import check_license

        checked_id(artifact_id)
        url = self.parsed(LicenseCheckSerializer)["github_url"]
        is_explained = checked_flag(request, "explain")
        verdict = check_license(
            artifact_id=artifact_id, github_url=url, with_quarantined=self.decides
        )
        if not is_explained:
            return JsonResponse(verdict.is_allowed, safe=False)
        return answer(LicenseExplanationSerializer, verdict)


def _fitting(graph: LineageGraph) -> tuple[list[Shown], list[Shown], bool]:
    """Return as much of a family as one answer carries, and whether that is all of it.

    Nodes come in the order of the walk, so the nearest ones stay; edges only between those.
    """
    nodes: dict[str, Shown] = {}
    size_bytes = 0
    for key, each in graph.nodes.items():
        node = shown(LineageNodeSerializer, each)
        size_bytes += _carried_bytes(node)
        if size_bytes > GRAPH_MAX_BYTES:
            break
        nodes[key] = node
    edges: list[Shown] = []
    for link in graph.links.values():
        if link.parent_id not in nodes or link.child_id not in nodes:
            continue
        edge = shown(LineageEdgeSerializer, link)
        size_bytes += _carried_bytes(edge)
        if size_bytes > GRAPH_MAX_BYTES:
            break
        edges.append(edge)
    is_all = (len(nodes), len(edges)) == (len(graph.nodes), len(graph.links))
    return list(nodes.values()), edges, is_all


def _carried_bytes(part: Shown) -> int:
    """Return how many bytes of an answer a part of it takes."""
    text = json.dumps(part)
    return len(text) + text.count('"') + text.count("\\") + 2
