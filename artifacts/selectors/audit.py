"""The trail of one artifact."""

from artifacts.enums import AuditAction
from artifacts.models import AuditEntry


def list_audit_entries(artifact_id: str) -> list[AuditEntry]:
    """Return what was done to an artifact, oldest first.

    A deletion has no action in the contract: staff see it in the staff site's trail.
    """
    return list(
        AuditEntry.objects.filter(artifact_id=artifact_id)
        .exclude(action=AuditAction.DELETE)
        .order_by("id")
    )
