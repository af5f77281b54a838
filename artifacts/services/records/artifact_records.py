"""The record of an artifact in the bucket. `services/upkeep/restoring.py` turns it into rows.

`artifacts/{id}/metadata.json` holds the current state, `revisions/{number}.json` each revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Subquery

from artifacts.enums import Apart, AuditAction
from artifacts.exceptions import ObjectMissing, RecordBroken, Unreadable
from artifacts.models import (
    Artifact,
    AuditEntry,
    File,
    Revision,
    VersionTag,
)
from artifacts.rules.record_text import read_record, write_record
from artifacts.services.lineage.parent_links import read_parent_links
from artifacts.services.records.generation import note_apart
from artifacts.services.records.global_records import global_record
from artifacts.services.records.look_alike_records import list_cleared, look_alike_record
from artifacts.services.records.monitor_records import monitor_record
from artifacts.services.records.trust_records import trust_record
from artifacts.storage import content_types
from artifacts.storage.keys import RESET_MARKER_KEY, record_key, revision_key
from artifacts.storage.store import get_store

# To be raised when readers of the old format could not understand the new one.
FORMAT = 1
REVISION_FIELDS = (
    "number", "url", "source_kind", "repository", "ref", "folder", "commit", "license",
    "size_bytes", "card", "config", "facts", "content_state", "content_reason", "stored_bytes",
    "created_by",
)  # fmt: skip
AUDIT_FIELDS = ("user_name", "user_is_admin", "action", "note")
KEPT_ACTIONS = (
    AuditAction.CREATE, AuditAction.UPDATE, AuditAction.RATE, AuditAction.DECIDE,
    AuditAction.MONITOR,
)  # fmt: skip
# How often a record is written again because the rows changed meanwhile.
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
    """Return a record as JSON; the rows may still be unwritten.

    Args:
        trust: lineage and rating, and what people allowed and cleared; see `trust_records`,
            `global_records` and `look_alike_records`.
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
        | {
            "created_at": revision.created_at.isoformat(),
            "tag_targets": revision.tag_targets,
        },
        "readme": readme,
        "version_tags": [[tag.tag, str(tag.version_key)] for tag in version_tags],
        "files": [
            {
                "path": file.path,
                "part": file.part,
                "size_bytes": file.size_bytes,
                "source_digest": file.source_digest,
                "sha256": file.blob_id,
                "fault": file.fault,
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
        "monitor": monitor_record(artifact.id),
        **trust,
    }
    return write_record(record)


def store_record(artifact_id: str) -> None:
    """Bring an artifact's record in the bucket up to date with its rows.

    If the artifact is deleted meanwhile, the record is removed again. If it is changed meanwhile,
    our record may overwrite a newer one; so each writer compares what it wrote with the rows and
    writes again if they differ. A few times suffice, since whoever changed the rows does the same.
    """
    written = None
    for _ in range(_WRITTEN_MAX):
        seen = _state_of(artifact_id)
        if seen == written:
            return
        _write_record(artifact_id)
        written = seen


def store_old_revisions(artifact_id: str) -> None:
    """Write the records of an artifact's earlier revisions that the bucket lacks.

    Their READMEs and audit entries existed in the bucket only, so these records have none.
    """
    artifact = Artifact.objects.filter(id=artifact_id).first()
    if artifact is None:
        return  # Deleted meanwhile.
    for revision in artifact.revisions.exclude(id=artifact.current_revision_id or 0):
        data = build_record(
            artifact=artifact,
            revision=revision,
            files=revision.files.all(),
            version_tags=revision.version_tags.all(),
            readme="",
            audit_entries=(),
            trust=trust_record((), revision.current_rating),
        )
        get_store().create(revision_key(artifact_id, revision.number), data, content_types.JSON)


def _state_of(artifact_id: str) -> tuple[Any, ...] | None:
    """Return a value that changes whenever the record must; None for an invisible artifact."""
    entries = AuditEntry.objects.filter(artifact_id=artifact_id, action__in=KEPT_ACTIONS)
    state: tuple[Any, ...] | None = (
        Artifact.objects.visible()
        .filter(id=artifact_id)
        .annotate(
            last_entry=Subquery(entries.order_by("-id").values("id")[:1]),
            # The entry of a clearance may be in the other's trail.
            last_cleared=Subquery(list_cleared(artifact_id).values("cleared_at")[:1]),
        )
        .values_list(
            "current_revision_id",
            "current_revision__content_state",
            "current_revision__content_reason",
            "current_revision__stored_bytes",
            "current_revision__current_rating_id",
            "last_entry",
            "last_cleared",
        )
        .first()
    )
    return state


def _write_record(artifact_id: str) -> None:
    """Write an artifact's record from its rows; remove it again if these have been deleted."""
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
            artifact_id=artifact_id, action__in=KEPT_ACTIONS
        ).order_by("id"),
        trust=trust_record(read_parent_links(artifact_id), revision.current_rating)
        | {"globals": global_record(artifact_id), "cleared": look_alike_record(artifact_id)},
    )
    store = get_store()
    keys = [revision_key(artifact_id, revision.number), record_key(artifact_id)]
    _write_revision(keys[0], data, artifact_id, revision)
    store.replace(keys[1], data, content_types.JSON)
    if not Artifact.objects.filter(id=artifact_id).exists():
        store.delete(keys)


def _write_revision(key: str, data: bytes, artifact_id: str, revision: Revision) -> None:
    """Write the record of a revision, unless the bucket has another revision of this number.

    Raises:
        NotJoined: it has one, so this database gave the number a second time.
    """
    store = get_store()
    if store.create(key, data, content_types.JSON):
        return
    # A broken record is written again.
    with suppress(RecordBroken, ObjectMissing, KeyError, TypeError, ValueError):
        kept = parse_record(store.read(key), artifact_id)["revision"]["created_at"]
        if datetime.fromisoformat(kept) != revision.created_at:
            note_apart(
                Apart.DATABASE_BEHIND,
                f"The bucket has another revision {revision.number} of {artifact_id} than this "
                "database, which was restored to an earlier moment.",
            )
    store.replace(key, data, content_types.JSON)


def parse_record(data: bytes, artifact_id: str) -> dict[str, Any]:
    """Return a record as data; fields that a newer release added are ignored.

    Raises:
        RecordBroken: it is no JSON object of a known format, or belongs to another artifact.
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
