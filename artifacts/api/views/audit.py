"""The trail of one artifact."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from artifacts.api.schema import described, offsets, refusals
from artifacts.api.serializers import AuditEntrySerializer
from artifacts.api.views.base import ApiView, checked_id, checked_type, paged
from artifacts.models import AuditEntry
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.audit import list_audit_entries
from artifacts.services.audit import record_reading


class ArtifactAuditView(ApiView):
    """`/artifact/{artifact_type}/{artifact_id}/audit`."""

    @described(
        operation_id="ArtifactAuditGet",
        summary="Who did what to an artifact, and when, page by page",
        parameters=offsets(),
        responses={200: AuditEntrySerializer(many=True), **refusals(400, 403, 404)},
    )
    def get(self, request: Request, artifact_type: str, artifact_id: str) -> HttpResponse:
        """Read a page of the trail, which is an entry itself."""
        artifact = get_artifact(checked_type(artifact_type), checked_id(artifact_id))
        record_reading(artifact=artifact, user=self.caller)
        page = list_audit_entries(artifact_id, request.query_params.get("offset"))
        return paged([_shown(each) for each in page.rows], page.next_offset)


def _shown(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as the contract's `ArtifactAuditEntry`."""
    return {
        "user": {"name": entry.user_name, "is_admin": entry.user_is_admin},
        "date": entry.created_at.isoformat().replace("+00:00", "Z"),
        "artifact": {
            "name": entry.artifact_name,
            "id": entry.artifact_id,
            "type": entry.artifact_type,
        },
        "action": entry.action,
    }
