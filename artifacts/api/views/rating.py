"""The rating of a model."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from artifacts.api.permissions import UPLOAD, demand
from artifacts.api.schema import described, refusals
from artifacts.api.serializers import ModelRatingSerializer
from artifacts.api.views.base import ApiView, checked_flag, checked_id
from artifacts.selectors.rating import get_rating
from artifacts.services.rating import refresh_rating


class ModelRateView(ApiView):
    """`/artifact/model/{artifact_id}/rate`."""

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
    def get(self, request: Request, artifact_id: str) -> HttpResponse:
        """Answer from the rating's row, after making a new one if that was asked for."""
        checked_id(artifact_id)
        with_evidence = checked_flag(request, "evidence")
        if checked_flag(request, "refresh"):
            demand(self.caller, UPLOAD)
            refresh_rating(artifact_id=artifact_id, user=self.caller)
        rating = get_rating(artifact_id, with_evidence=with_evidence)
        body = {"name": rating.name, "category": rating.category, **rating.numbers}
        if with_evidence:
            body |= {
                "is_incomplete": rating.is_incomplete,
                "gate": {"verdict": rating.gate, "reasons": rating.gate_reasons},
                "evidence": rating.results,
            }
        return JsonResponse(body)
