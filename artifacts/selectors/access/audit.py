"""The audit trail of one artifact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import CONTRACT_ACTIONS
from artifacts.limits import AUDIT_PAGE_SIZE, TRAIL_SHOWN_MAX
from artifacts.models import AuditEntry, DownloadTally
from artifacts.rules.paging import Rows, cut_page, read_key


def list_audit_entries(artifact_id: str, offset: str | None = None) -> Rows[AuditEntry]:
    """Return a page of an artifact's audit entries, oldest first.

    The contract has no action for a deletion, nor for a decision: pages show them, and the history
    of decisions does.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    entries = AuditEntry.objects.filter(artifact_id=artifact_id).select_related("tally")
    found = entries.filter(action__in=CONTRACT_ACTIONS)
    if offset is not None:
        (last,) = read_key(offset, int)
        found = found.filter(id__gt=last)
    rows = list(found.order_by("id")[: AUDIT_PAGE_SIZE + 1])
    return cut_page(rows, AUDIT_PAGE_SIZE, lambda entry: (entry.pk,))


@dataclass(frozen=True)
class TrailLine:
    """Who did what, when.

    Attributes:
        note: what it was about where the word is not enough; "" for nothing.
        files, size_bytes: what was fetched file by file; None for anything else.
    """

    created_at: datetime
    user_name: str
    is_admin: bool
    action: str
    note: str
    files: int | None = None
    size_bytes: int | None = None


@dataclass(frozen=True)
class Trail:
    """The newest of what was done to an artifact."""

    artifact_id: str
    lines: FirstRows[TrailLine]


def get_trail(artifact_id: str) -> Trail:
    """Return the newest of what was done to an artifact, deletions included: staff's view of it."""
    entries = AuditEntry.objects.filter(artifact_id=artifact_id).select_related("tally")
    found = entries.order_by("-id")
    return Trail(artifact_id, take_first_rows(found, TRAIL_SHOWN_MAX, _show))


def _show(entry: AuditEntry) -> TrailLine:
    """Return what is shown of an entry."""
    tally: DownloadTally | None = getattr(entry, "tally", None)
    return TrailLine(
        created_at=entry.created_at,
        user_name=entry.user_name,
        is_admin=entry.user_is_admin,
        action=entry.action,
        note=entry.note,
        files=tally.files if tally is not None else None,
        size_bytes=tally.size_bytes if tally is not None else None,
    )
