"""The trail of one artifact."""

from artifacts.enums import AuditAction
from artifacts.limits import AUDIT_PAGE_SIZE
from artifacts.models import AuditEntry
from artifacts.selectors.paging import Rows, key_of, page_of


def list_audit_entries(artifact_id: str, offset: str | None = None) -> Rows[AuditEntry]:
    """Return a page of what was done to an artifact, oldest first.

    A deletion has no action in the contract: staff see it in the staff site's trail.

    Raises:
        InvalidOffset: the offset is none of ours.
    """
    found = AuditEntry.objects.filter(artifact_id=artifact_id).exclude(action=AuditAction.DELETE)
    if offset is not None:
        (last,) = key_of(offset, int)
        found = found.filter(id__gt=last)
    entries = list(found.order_by("id")[: AUDIT_PAGE_SIZE + 1])
    return page_of(entries, AUDIT_PAGE_SIZE, lambda entry: (entry.pk,))
