"""The record of an artifact in the bucket, and the way back from it to rows.

`artifacts/{id}/metadata.json` holds the current state, `revisions/{number}.json` each revision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from artifacts.enums import AuditAction, ContentState
from artifacts.exceptions import RecordBroken
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
from artifacts.storage.keys import record_key, revision_key
from artifacts.storage.store import get_store

# Raised when a reader of the old form could no longer understand the new one.
FORMAT = 1
RECORD_TYPE = "application/json"
_REVISION_FIELDS = (
    "number", "url", "source_kind", "repository", "ref", "folder", "commit", "license",
    "size_bytes", "card", "config", "facts", "content_state", "content_reason", "stored_bytes",
    "created_by",
)  # fmt: skip
_KEPT_ACTIONS = (AuditAction.CREATE, AuditAction.UPDATE)


def build_record(
    *,
    artifact: Artifact,
    revision: Revision,
    files: Iterable[File],
    version_tags: Iterable[VersionTag],
    readme: str,
    audit_entries: Iterable[AuditEntry],
) -> bytes:
    """Return a record as JSON; the rows need not be written yet."""
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
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode()


def store_record(artifact_id: str) -> None:
    """Bring an artifact's record in the bucket up to date with its rows.

    The artifact may be deleted meanwhile; then what was written goes again.
    """
    artifact = (
        Artifact.objects.visible()
        .select_related("current_revision", "document")
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
    )
    store = get_store()
    keys = [revision_key(artifact_id, revision.number), record_key(artifact_id)]
    for key in keys:
        store.replace(key, data, RECORD_TYPE)
    if not Artifact.objects.filter(id=artifact_id).exists():
        store.delete(keys)


def parse_record(data: bytes) -> dict[str, Any]:
    """Return a record as data.

    Raises:
        RecordBroken: it is no JSON object of a known format.
    """
    try:
        record: dict[str, Any] = json.loads(data)
        known = record["format"] <= FORMAT and isinstance(record["revision"], dict)
    except (ValueError, KeyError, TypeError) as error:
        raise RecordBroken("A record is no JSON of the known form. Restore it.") from error
    if not known:
        raise RecordBroken("A record is of a newer form than this version of the registry reads.")
    return record


def restore_record(record: dict[str, Any], present_blobs: frozenset[str]) -> Artifact:
    """Write the rows that a record stands for, unless they are there.

    Args:
        present_blobs: digests, of those that the record names, whose bytes are in the bucket.

    Returns:
        The artifact, whose current revision is this record's if it had none.

    Raises:
        RecordBroken: a field is missing or of the wrong kind.
    """
    try:
        with transaction.atomic():
            artifact = _restore_artifact(record)
            revision, is_new = _restore_revision(artifact, record["revision"])
            if is_new:
                _restore_files(revision, record, present_blobs)
            return artifact
    except (KeyError, TypeError, ValueError) as error:
        raise RecordBroken(f"A record lacks a field or has a wrong one: {error}") from error


def make_current(artifact: Artifact, record: dict[str, Any]) -> None:
    """Show a restored artifact with the revision that its record names, and its trail."""
    revision = artifact.revisions.get(number=record["revision"]["number"])
    with transaction.atomic():
        SearchDocument.objects.update_or_create(
            artifact=artifact, defaults={"name": artifact.name, "readme": record["readme"]}
        )
        if not AuditEntry.objects.filter(artifact_id=artifact.id).exists():
            AuditEntry.objects.bulk_create(
                AuditEntry(
                    artifact_id=artifact.id,
                    artifact_type=artifact.type,
                    artifact_name=artifact.name,
                    **(entry | {"created_at": datetime.fromisoformat(entry["created_at"])}),
                )
                for entry in record["audit"]
            )
        artifact.current_revision = revision
        artifact.save(update_fields=["current_revision"])


def _restore_artifact(record: dict[str, Any]) -> Artifact:
    """Write the artifact's row, invisible for the time being."""
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


def _restore_files(
    revision: Revision, record: dict[str, Any], present_blobs: frozenset[str]
) -> None:
    """Write files, blobs and tags; content that is not complete has to be mirrored again."""
    files = [
        File(
            revision=revision,
            path=each["path"],
            part=each["part"],
            size_bytes=each["size_bytes"],
            source_digest=each["source_digest"],
            blob_id=each["sha256"] if each["sha256"] in present_blobs else None,
        )
        for each in record["files"]
    ]
    Blob.objects.bulk_create(
        {
            file.blob_id: Blob(sha256=file.blob_id, size_bytes=file.size_bytes or 0)
            for file in files
            if file.blob_id
        }.values(),
        ignore_conflicts=True,
    )
    File.objects.bulk_create(files, batch_size=2_000)
    VersionTag.objects.bulk_create(
        VersionTag(revision=revision, tag=tag, version_key=int(key))
        for tag, key in record["version_tags"]
    )
    if revision.content_state == ContentState.STORED and not all(file.blob_id for file in files):
        revision.content_state = ContentState.PENDING
        revision.save(update_fields=["content_state"])
