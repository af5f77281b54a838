"""The record of an artifact in the bucket, and the way back from it to rows.

`artifacts/{id}/metadata.json` holds the current state, `revisions/{number}.json` each revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from artifacts.enums import ArtifactType, AuditAction, ContentState
from artifacts.exceptions import ObjectMissing, RecordBroken, Unreadable
from artifacts.models import (
    Artifact,
    AuditEntry,
    Blob,
    File,
    Revision,
    SearchDocument,
    User,
    VersionTag,
)
from artifacts.services import tasks
from artifacts.services.lineage import links_of_edges
from artifacts.services.record_text import read_record, write_record
from artifacts.services.trust_records import restore_lineage, restore_rating, trust_record
from artifacts.storage.keys import RESET_MARKER_KEY, record_key, revision_key
from artifacts.storage.store import get_store

# Raised when a reader of the old form could no longer understand the new one.
FORMAT = 1
RECORD_TYPE = "application/json"
_REVISION_FIELDS = (
    "number", "url", "source_kind", "repository", "ref", "folder", "commit", "license",
    "size_bytes", "card", "config", "facts", "content_state", "content_reason", "stored_bytes",
    "created_by",
)  # fmt: skip
_AUDIT_FIELDS = ("user_name", "user_is_admin", "action", "note")
_KEPT_ACTIONS = (AuditAction.CREATE, AuditAction.UPDATE, AuditAction.RATE)
# Rows written or looked for by one statement; SQLite takes 32,766 parameters in one.
_BATCH_ROWS = 2_000
# What a record that was damaged, or belongs to another registry, comes to when it is written.
_AT_ODDS = (
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError, IntegrityError, DataError,
)  # fmt: skip


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
        "revision": {field: getattr(revision, field) for field in _REVISION_FIELDS}
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

    The artifact may be deleted meanwhile; then what was written goes again.
    """
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


def restore_record(record: dict[str, Any], *, is_current: bool) -> None:
    """Write the rows that a record stands for, unless they are there; all of them or none.

    A file is linked to its blob if that has a row: `rebuild` writes those from the bucket first.
    Bytes that are not there are fetched again by a task.

    Args:
        is_current: whether this is the record of the artifact, not of one of its revisions.

    Raises:
        RecordBroken: a field is missing, of the wrong kind, or at odds with a row.
    """
    try:
        with transaction.atomic():
            artifact = _restore_artifact(record, is_current=is_current)
            revision, is_new = _restore_revision(artifact, record["revision"])
            if is_new:
                _restore_files(revision, record)
                restore_rating(revision, record)
                _fetch_if_incomplete(revision)
            if is_current and artifact.current_revision_id is None:
                _make_current(artifact, revision, record)
    except _AT_ODDS as error:
        raise RecordBroken(f"A record lacks a field or has a wrong one: {error}") from error


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


def _make_current(artifact: Artifact, revision: Revision, record: dict[str, Any]) -> None:
    """Show a restored artifact with the revision that its record names, and its trail."""
    SearchDocument.objects.update_or_create(
        artifact=artifact, defaults={"name": artifact.name, "readme": record["readme"]}
    )
    if not AuditEntry.objects.filter(artifact_id=artifact.id).exists():
        AuditEntry.objects.bulk_create(
            AuditEntry(
                artifact_id=artifact.id,
                artifact_type=artifact.type,
                artifact_name=artifact.name,
                created_at=datetime.fromisoformat(entry["created_at"]),
                **{field: entry[field] for field in _AUDIT_FIELDS},
            )
            for entry in record["audit"]
        )
    artifact.current_revision = revision
    artifact.save(update_fields=["current_revision"])
    restore_lineage(artifact, record)


def _fetch_if_incomplete(revision: Revision) -> None:
    """Have missing bytes fetched; the task is written with the rows."""
    if revision.content_state == ContentState.PENDING:
        tasks.schedule(
            "mirror_revision",
            artifact_id=revision.artifact_id,
            arguments={"revision_id": revision.pk},
        )


def _restore_artifact(record: dict[str, Any], *, is_current: bool) -> Artifact:
    """Write the artifact's row, invisible for the time being.

    A deletion that was broken off leaves records of revisions alone: an artifact made from those
    would never be shown, and yet hold its source.
    """
    if not is_current:
        known = Artifact.objects.filter(id=record["id"]).first()
        if known is None:
            raise RecordBroken("This revision's artifact has no record of its own any more.")
        return known
    fields = ("type", "name", "source_key", "created_us", "uploader_name")
    artifact, _ = Artifact.objects.get_or_create(
        id=record["id"],
        defaults={field: record[field] for field in fields}
        | {"uploader": User.objects.filter(username=record["uploader_name"]).first()},
    )
    return artifact


def _restore_revision(artifact: Artifact, fields: dict[str, Any]) -> tuple[Revision, bool]:
    """Write a revision's row."""
    values = {field: fields[field] for field in _REVISION_FIELDS}
    values["created_at"] = datetime.fromisoformat(fields["created_at"])
    return Revision.objects.get_or_create(
        artifact=artifact, number=values.pop("number"), defaults=values
    )


def _restore_files(revision: Revision, record: dict[str, Any]) -> None:
    """Write files and tags; content that is not complete has to be mirrored again."""
    digests = sorted({each["sha256"] for each in record["files"] if each["sha256"]})
    present = {
        sha256
        for start in range(0, len(digests), _BATCH_ROWS)
        for sha256 in Blob.objects.filter(
            sha256__in=digests[start : start + _BATCH_ROWS]
        ).values_list("sha256", flat=True)
    }
    files = [
        File(
            revision=revision,
            path=each["path"],
            part=each["part"],
            size_bytes=each["size_bytes"],
            source_digest=each["source_digest"],
            blob_id=each["sha256"] if each["sha256"] in present else None,
        )
        for each in record["files"]
    ]
    File.objects.bulk_create(files, batch_size=_BATCH_ROWS)
    VersionTag.objects.bulk_create(
        VersionTag(revision=revision, tag=tag, version_key=int(key))
        for tag, key in record["version_tags"]
    )
    if revision.content_state == ContentState.STORED and not all(file.blob_id for file in files):
        revision.content_state = ContentState.PENDING
        revision.save(update_fields=["content_state"])
