"""What people cleared of look-alikes in an artifact's record, and restoring it as rows.

A clearance is about two artifacts, and is in the record of the one whose id comes later: a rebuild
reads records in the order of ids, so the other's rows are there by then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from artifacts.database.transactions import keep_artifacts
from artifacts.models import LookAlike

_FIELDS = ("suspect_id", "other_id", "mechanism", "detail", "score", "cleared_by", "reason")
_DATES = ("found_at", "cleared_at")
_CLEARED = ("cleared_at", "cleared_by", "reason")


def find_keeper(row: LookAlike) -> str:
    """Return the id of the artifact whose record has what was cleared of a pair."""
    return max(row.suspect_id, row.other_id)


def list_cleared(artifact_id: str) -> QuerySet[LookAlike]:
    """Return the cleared pairs that an artifact is one of, the last one first."""
    rows = LookAlike.objects.filter(Q(suspect_id=artifact_id) | Q(other_id=artifact_id))
    return rows.filter(cleared_at__isnull=False).order_by("-cleared_at", "-id")


def look_alike_record(artifact_id: str) -> list[dict[str, Any]]:
    """Return what an artifact's record has of cleared pairs."""
    return [
        {name: getattr(row, name) for name in _FIELDS}
        | {name: getattr(row, name).isoformat() for name in _DATES}
        for row in list_cleared(artifact_id)
        if find_keeper(row) == artifact_id
    ]


def restore_look_alikes(artifact_id: str, record: dict[str, Any]) -> None:
    """Write the clearances that a record holds and the rows lack; older records have none.

    One whose other artifact is gone is passed over.

    Raises:
        KeyError, TypeError, ValueError: an entry is not of the known form.
    """
    for each in record.get("cleared", ()):
        ids = {each["suspect_id"], each["other_id"]}
        if artifact_id not in ids:
            raise ValueError("It clears a pair of others.")
        if keep_artifacts(ids) != ids:
            continue
        values = {name: each[name] for name in _FIELDS}
        values |= {name: datetime.fromisoformat(each[name]) for name in _DATES}
        pair = {name: values.pop(name) for name in ("suspect_id", "other_id")}
        row, is_new = LookAlike.objects.get_or_create(**pair, defaults=values)
        if not is_new and row.cleared_at is None:
            LookAlike.objects.filter(pk=row.pk).update(**{name: values[name] for name in _CLEARED})
