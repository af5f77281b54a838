"""Whether a project may use a model."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from artifacts.api.schema import described, refusals
from artifacts.api.serializers import LicenseCheckSerializer
from artifacts.api.views.base import ApiView, checked_flag, checked_id
from artifacts.services.licensing import check_license


class LicenseCheckView(ApiView):
    """`/artifact/model/{artifact_id}/license-check`."""

    @described(
        operation_id="ArtifactLicenseCheck",
        summary="May a GitHub project fine-tune a model and run inference with it",
        request=LicenseCheckSerializer,
        parameters=[
            OpenApiParameter("explain", bool, description="Answer an object with the reasons.")
        ],
        responses={
            200: OpenApiResponse(OpenApiTypes.BOOL, description="Whether it may."),
            **refusals(400, 403, 404, 502),
        },
    )
    def post(self, request: Request, artifact_id: str) -> HttpResponse:
        """Answer true or false, or with reasons when they are asked for."""
        checked_id(artifact_id)
        url = self.parsed(LicenseCheckSerializer)["github_url"]
        is_explained = checked_flag(request, "explain")
        verdict = check_license(artifact_id=artifact_id, github_url=url)
        if not is_explained:
            return JsonResponse(verdict.is_allowed, safe=False)
        return JsonResponse({
            "allowed": verdict.is_allowed,
            "model_license": verdict.model_license,
            "project_license": verdict.project_license,
            "reasons": list(verdict.reasons),
        })  # fmt: skip
