"""Decisions on revisions: made, and read with their history."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request

from artifacts.api.decision_serializers import DecisionsSerializer
from artifacts.api.rendering import answer
from artifacts.api.schema import described, refusals
from artifacts.api.serializers import NewDecisionSerializer
from artifacts.api.views.base import ApiViewSet, checked_id, checked_type
from artifacts.enums import DecisionState
from artifacts.exceptions import InvalidRequest
from artifacts.models import Artifact
from artifacts.rules.values import whole_number
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.trust.decision_history import get_decisions, get_revision


class DecisionViewSet(ApiViewSet):
    """`/artifact/{artifact_type}/{artifact_id}/decision`."""

    @described(
        operation_id="ArtifactDecisionGet",
        summary="What was decided on an artifact, by whom, when and why",
        parameters=[
            OpenApiParameter("revision", int, description="Its number; the current one if absent.")
        ],
        responses={200: DecisionsSerializer, **refusals(400, 403, 404)},
    )
    def retrieve(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Answer what holds, and the history."""
        asked = request.query_params.get("revision")
        number = whole_number(asked) if asked is not None else None
        if asked is not None and not number:
            raise InvalidRequest("revision is the number of a revision, from 1 on.")
        return _show(self, _find(self, artifact_type, artifact_id), number)

    @described(
        operation_id="ArtifactDecisionPut",
        summary="Approve, reject or quarantine a revision, or take that back",
        request=NewDecisionSerializer,
        responses={
            200: OpenApiResponse(DecisionsSerializer, description="Decided."),
            202: OpenApiResponse(
                DecisionsSerializer, description="Kept; it takes effect once another person agrees."
            ),
            **refusals(400, 403, 404),
        },
    )
    def decide(
        self,
        request: Request,  # noqa: ARG002  (the interface's)
        artifact_type: str,
        artifact_id: str,
    ) -> HttpResponse:
        """Decide."""
        from artifacts.services.trust.decisions import decide

        artifact = _find(self, artifact_type, artifact_id)
        body = self.parsed(NewDecisionSerializer)
        revision = get_revision(artifact, body.get("revision"))
        made = decide(
            revision=revision,
            state=DecisionState(body["decision"]),
            reason=body["reason"],
            by=self.caller,
            expires_at=body.get("expires_at"),
            waived=body["waived"],
        )
        return _show(self, artifact, revision.number, status=200 if made.is_effective else 202)


def _find(view: ApiViewSet, artifact_type: str, artifact_id: str) -> Artifact:
    """Return the artifact in the path."""
    kind = checked_type(artifact_type)
    return get_artifact(kind, checked_id(artifact_id), with_quarantined=view.decides)


def _show(
    view: ApiViewSet, artifact: Artifact, number: int | None, status: int = 200
) -> HttpResponse:
    """Answer what was decided on an artifact."""
    decisions = get_decisions(artifact, get_revision(artifact, number), view.caller)
    return answer(DecisionsSerializer, decisions, status=status)
