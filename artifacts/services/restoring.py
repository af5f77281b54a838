"""From a record in the bucket back to rows. What records are is in `services/records.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from artifacts.enums import AuditAction, ContentState
from artifacts.exceptions import ChangedMeanwhile, ObjectMissing, RecordBroken
from artifacts.models import (
    Artifact,
    AuditEntry,
    Blob,
    File,
    Revision,
    SearchDocument,
    Task,
    User,
    VersionTag,
)
from artifacts.services import tasks
from artifacts.services.records import AUDIT_FIELDS, REVISION_FIELDS
from artifacts.services.transactions import writing
from artifacts.services.trust_records import restore_lineage, restore_rating
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store

# Rows written or looked for by one statement; SQLite takes 32,766 parameters in one.
_BATCH_ROWS = 2_000
# What a record that was damaged, or belongs to another registry, comes to when it is written.
_AT_ODDS = (
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError, IntegrityError, DataError,
    ChangedMeanwhile,
)  # fmt: skip


def restore_record(record: dict[str, Any], *, is_current: bool) -> bool:
    """Write the rows that a record stands for, unless they are there; all of them or none.

    A file is linked to its blob if that has a row: `rebuild` writes those from the bucket first.
    Bytes that are not there are fetched again by a task.

    Args:
        is_current: whether this is the record of the artifact, not of one of its revisions.

    Returns:
        False when the artifact was deleted meanwhile, and nothing was written.

    Raises:
        RecordBroken: a field is missing, of the wrong kind, or at odds with a row.
    """
    try:
        with writing():
            if _is_dead(record):
                return False
            artifact = _restore_artifact(record, is_current=is_current)
            # Asked again now that the row is there: writing it has waited for a deletion that was
            # on its way, which is to be seen only since.
            if _is_dead(record):
                transaction.set_rollback(True)
                return False
            revision, is_new = _restore_revision(artifact, record["revision"])
            if is_new:
                _restore_files(revision, record)
                restore_rating(revision, record)
                _fetch_if_incomplete(revision)
            if is_current and artifact.current_revision_id is None:
                _make_current(artifact, revision, record)
    except _AT_ODDS as error:
        raise RecordBroken(f"A record lacks a field or has a wrong one: {error}") from error
    if is_current:
        _forget_without_record(record["id"])
    return True


def _is_dead(record: dict[str, Any]) -> bool:
    """Whether a record's artifact was deleted since the record was read, singly or by a reset.

    The rows say so before the bucket does: its part follows by a task.
    """
    resets = Task.objects.filter(name="remove_everything").values_list("arguments", flat=True)
    if any(int(record["created_us"]) <= each["reset_us"] for each in resets):
        return True
    entries = AuditEntry.objects.filter(artifact_id=record["id"], action=AuditAction.DELETE)
    return entries.exists()


def _forget_without_record(artifact_id: str) -> None:
    """Take a restored artifact back whose registration failed meanwhile and took its record along.

    See `registration`: it removes the record first and looks for the rows then.
    """
    try:
        get_store().stat(record_key(artifact_id))
    except ObjectMissing:
        Artifact.objects.filter(id=artifact_id).delete()


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
                **{field: entry[field] for field in AUDIT_FIELDS},
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
    values = {field: fields[field] for field in REVISION_FIELDS}
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
