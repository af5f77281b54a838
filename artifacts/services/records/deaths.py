"""Evidence that an artifact was deleted: an audit entry, a tombstone in the bucket, or a reset.

Rows and bucket are restored separately, so each keeps its own evidence: the audit trail in the
database, and in the bucket a small object that outlives both rows and record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from artifacts.enums import AuditAction
from artifacts.exceptions import RecordBroken
from artifacts.models import AuditEntry
from artifacts.rules.identity import parse_id
from artifacts.storage import content_types
from artifacts.storage.keys import TOMBSTONES_PREFIX, tombstone_key
from artifacts.storage.store import get_store, is_there

_SUFFIX = ".json"


def bury(artifact_id: str, user_name: str) -> None:
    """Write an artifact's tombstone; call it before its record is removed.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    data = json.dumps({"id": artifact_id, "user_name": user_name}).encode()
    get_store().create(tombstone_key(artifact_id), data, content_types.JSON)


def buried() -> set[str]:
    """Return the ids of all artifacts that have a tombstone."""
    return {
        found.key.removeprefix(TOMBSTONES_PREFIX).removesuffix(_SUFFIX)
        for found in get_store().list(TOMBSTONES_PREFIX)
    }


def dead_among(artifact_ids: Iterable[str], reset_us: int) -> set[str]:
    """Return which of these artifacts, which have no rows, are known to be deleted.

    Args:
        reset_us: the last reset, as `read_reset_us` returns it.
    """
    ids = set(artifact_ids)
    entries = AuditEntry.objects.filter(artifact_id__in=ids, action=AuditAction.DELETE)
    dead = set(entries.values_list("artifact_id", flat=True))
    return dead | {each for each in ids - dead if _is_dead(each, reset_us)}


def _is_dead(artifact_id: str, reset_us: int) -> bool:
    try:
        if parse_id(artifact_id).created_us <= reset_us:
            return True
    except RecordBroken:
        return False  # Not an id of ours, so nothing proves that it may be removed.
    return is_there(tombstone_key(artifact_id))
