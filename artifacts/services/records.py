"""The record of an artifact in the bucket. The way back to rows is in `services/restoring.py`.

`artifacts/{id}/metadata.json` holds the current state, `revisions/{number}.json` each revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Subquery

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ObjectMissing, RecordBroken, Unreadable
from artifacts.models import (
    Artifact,
    AuditEntry,
    File,
    Revision,
    VersionTag,
)
from artifacts.services.parent_links import links_of_edges
from artifacts.services.record_text import read_record, write_record
from artifacts.services.trust_records import trust_record
from artifacts.storage.keys import RESET_MARKER_KEY, record_key, revision_key
from artifacts.storage.store import get_store

# Raised when a reader of the old form could no longer understand the new one.
FORMAT = 1
RECORD_TYPE = "application/json"
REVISION_FIELDS = (
    "number", "url", "source_kind", "repository", "ref", "folder", "commit", "license",
    "size_bytes", "card", "config", "facts", "content_state", "content_reason", "stored_bytes",
    "created_by",
)  # fmt: skip
AUDIT_FIELDS = ("user_name", "user_is_admin", "action", "note")
_KEPT_ACTIONS = (AuditAction.CREATE, AuditAction.UPDATE, AuditAction.RATE)
# How often a record is written because the rows changed while it was.
_WRITTEN_MAX = 5


def build_record(
    *,
    artifact: Artifact,
    revision: Revision,
    files: Iterable[File],
    version_tags: Iterable[VersionTag],
    readme: str,
    audit_entries: Iterable[AuditEntry],
    trust: dict[str, Any],
) -> bytes:
    """Return a record as JSON; the rows need not be written yet.

    Args:
        trust: lineage and rating, see `trust_records`.
    """
    record = {
        "format": FORMAT,
        "id": artifact.id,
        "type": artifact.type,
        "name": artifact.name,
        "source_key": artifact.source_key,
        "created_us": artifact.created_us,
        "uploader_name": artifact.uploader_name,
        "revision": {field: getattr(revision, field) for field in REVISION_FIELDS}
        | {"created_at": revision.created_at.isoformat()},
        "readme": readme,
        "version_tags": [[tag.tag, str(tag.version_key)] for tag in version_tags],
        "files": [
            {
                "path": file.path,
                "part": file.part,
                "size_bytes": file.size_bytes,
                "source_digest": file.source_digest,
                "sha256": file.blob_id,
            }
            for file in files
        ],
        "audit": [
            {
                "user_name": entry.user_name,
                "user_is_admin": entry.user_is_admin,
                "action": entry.action,
                "created_at": entry.created_at.isoformat(),
                "note": entry.note,
            }
            for entry in audit_entries
        ],
        **trust,
    }
    return write_record(record)


def store_record(artifact_id: str) -> None:
    """Bring an artifact's record in the bucket up to date with its rows.

    The artifact may be deleted meanwhile: then what was written goes again. Or it may be changed,
    and its record with it, before ours arrives and takes the place of the newer one: so whoever
    wrote looks whether that is still what the rows say, and writes again; a few times only, since
    whoever changed the rows does the same.
    """
    written = None
    for _ in range(_WRITTEN_MAX):
        seen = _state_of(artifact_id)
        if seen == written:
            return
        _write_record(artifact_id)
        written = seen


def _state_of(artifact_id: str) -> tuple[Any, ...] | None:
    """Return what tells whether a record is up to date; None for what nobody sees."""
    entries = AuditEntry.objects.filter(artifact_id=artifact_id, action__in=_KEPT_ACTIONS)
    state: tuple[Any, ...] | None = (
        Artifact.objects.visible()
        .filter(id=artifact_id)
        .annotate(last_entry=Subquery(entries.order_by("-id").values("id")[:1]))
        .values_list(
            "current_revision_id",
            "current_revision__content_state",
            "current_revision__content_reason",
            "current_revision__stored_bytes",
            "current_revision__current_rating_id",
            "last_entry",
        )
        .first()
    )
    return state


def _write_record(artifact_id: str) -> None:
    """Write an artifact's record as its rows are now; remove it when there are none."""
    artifact = (
        Artifact.objects.visible()
        .select_related("current_revision__current_rating", "document")
        .filter(id=artifact_id)
        .first()
    )
    if artifact is None or artifact.current_revision is None:
        return
    revision = artifact.current_revision
    data = build_record(
        artifact=artifact,
        revision=revision,
        files=revision.files.all(),
        version_tags=revision.version_tags.all(),
        readme=artifact.document.readme,
        audit_entries=AuditEntry.objects.filter(
            artifact_id=artifact_id, action__in=_KEPT_ACTIONS
        ).order_by("id"),
        trust=trust_record(links_of_edges(artifact_id), revision.current_rating),
    )
    store = get_store()
    keys = [revision_key(artifact_id, revision.number), record_key(artifact_id)]
    for key in keys:
        store.replace(key, data, RECORD_TYPE)
    if not Artifact.objects.filter(id=artifact_id).exists():
        store.delete(keys)


def parse_record(data: bytes, artifact_id: str) -> dict[str, Any]:
    """Return a record as data; fields that a newer writer added do not matter.

    Raises:
        RecordBroken: it is no JSON object of a known format, or of another artifact.
    """
    try:
        record: dict[str, Any] = read_record(data)
        known = record["format"] <= FORMAT and isinstance(record["revision"], dict)
    except (Unreadable, KeyError, TypeError) as error:
        raise RecordBroken("A record is no JSON of the known form. Restore it.") from error
    if not known:
        raise RecordBroken("A record is of a newer form than this version of the registry reads.")
    if record.get("id") != artifact_id:
        raise RecordBroken("A record is of another artifact than its place says.")
    return record


def parse_id(artifact_id: str) -> tuple[str, int, int]:
    """Return type, number and microseconds of an id.

    Raises:
        RecordBroken: it is no id.
    """
    kind, _, rest = artifact_id.partition("-")
    number, _, created_us = rest.partition("-")
    if kind not in ArtifactType.values or not (number.isdecimal() and created_us.isdecimal()):
        raise RecordBroken(f"{artifact_id[:100]!r} is no id of an artifact.")
    return kind, int(number), int(created_us)


def read_reset_us() -> int:
    """Return when the registry was last reset, in microseconds since 1970; 0 for never.

    Raises:
        RecordBroken: the marker cannot be read.
    """
    try:
        return int(read_record(get_store().read(RESET_MARKER_KEY))["reset_us"])
    except ObjectMissing:
        return 0
    except (Unreadable, ValueError, KeyError, TypeError) as error:
        raise RecordBroken(f"{RESET_MARKER_KEY} is not of its form. Restore it.") from error
