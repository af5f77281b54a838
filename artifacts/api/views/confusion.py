"""Which artifacts may be mistaken for others."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from rest_framework.request import Request

from artifacts.api.confusion_serializers import (
    AuditedNameSerializer,
    LookAlikeSerializer,
    NameAuditSerializer,
)
from artifacts.api.rendering import all_shown
from artifacts.api.schema import described, offsets, refusals
from artifacts.api.views.base import ApiViewSet, paged
from artifacts.exceptions import InvalidRequest
from artifacts.limits import NAME_MAX_CHARS, NAMES_AUDITED_MAX


class ConfusionViewSet(ApiViewSet):
    """`/artifacts/PackageConfusionAudit`."""

    @described(
        operation_id="PackageConfusionAuditGet",
        summary="The artifacts that may be mistaken for better known ones, the surest first",
        parameters=offsets(),
        responses={200: LookAlikeSerializer(many=True), **refusals(400, 403)},
    )
    def enumerate(self, request: Request) -> HttpResponse:
        """List a page of what the last audit found and nobody cleared."""
        from artifacts.selectors.trust.look_alikes import list_look_alikes

        page = list_look_alikes(request.query_params.get("offset"))
        return paged(all_shown(LookAlikeSerializer, page.rows), page.next_offset)

    @described(
        operation_id="PackageConfusionAudit",
        summary="Audit some names now: of registered artifacts, or names that are not registered",
        request=AuditedNameSerializer(many=True),
        responses={200: NameAuditSerializer(many=True), **refusals(400, 403, 404, 413)},
    )
    def audit(self, request: Request) -> HttpResponse:
        """Audit each name, in the order of the request; nothing is kept."""
        if not isinstance(request.data, list) or not request.data:
            raise InvalidRequest('The body is a list, as in [{"name": "openai/whisper-tiny"}].')
        if len(request.data) > NAMES_AUDITED_MAX:
            raise InvalidRequest(f"Ask about at most {NAMES_AUDITED_MAX} names at once.")
        asked = self.parsed(AuditedNameSerializer, many=True)
        audited = [_audit(each) for each in asked]
        return JsonResponse(all_shown(NameAuditSerializer, audited), safe=False)


def _audit(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what one name may be mistaken for.

    Raises:
        ArtifactNotFound: no artifact has the id.
        InvalidRequest: the name is longer than any.
    """
    from artifacts.rules.confusion.labels import Called
    from artifacts.selectors.trust.look_alikes import find_look_alikes
    from artifacts.selectors.trust.suspicions import get_called

    if artifact_id := asked.get("id"):
        return {"asked": artifact_id, "look_alikes": find_look_alikes(get_called(artifact_id))}
    name = asked["name"]
    if len(name) > NAME_MAX_CHARS:
        raise InvalidRequest(f"A name has at most {NAME_MAX_CHARS} characters.")
    called = Called(
        id="",
        type=asked["type"],
        name=name,
        created_us=0,
        kind=asked["source_kind"],
        repository=name,
    )
    return {"asked": name, "look_alikes": find_look_alikes(called)}
