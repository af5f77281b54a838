"""From a record in the bucket back to rows; `services/records/` says what records are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Any, Protocol

from django.db import DataError, IntegrityError, transaction
from django.db.models import Max

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType, AuditAction, ContentState
from artifacts.exceptions import (
    ChangedMeanwhile,
    RecordBroken,
    SourceRegisteredAgain,
)
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
from artifacts.services.records.artifact_records import AUDIT_FIELDS, REVISION_FIELDS
from artifacts.services.records.decision_records import restore_decisions
from artifacts.services.records.global_records import restore_globals
from artifacts.services.records.look_alike_records import restore_look_alikes
from artifacts.services.records.monitor_records import restore_monitors
from artifacts.services.records.trust_records import restore_lineage, restore_rating
from artifacts.services.trust.copies import keep_marks
from artifacts.services.trust.version_tags import read_targets
from artifacts.work import queue
from artifacts.work.jobs import Job

# Rows that one statement writes or reads; SQLite accepts 32,766 parameters in one.
_BATCH_ROWS = 2_000
# Errors that a damaged record, or one of another registry, causes when it is written as rows.
AT_ODDS = (
    KeyError, TypeError, ValueError, AttributeError, ArithmeticError, IntegrityError, DataError,
    ChangedMeanwhile,
)  # fmt: skip


class Outcome(StrEnum):
    """What became of a record."""

    # The artifact had no row, and has one now.
    RESTORED = "restored"
    # The artifact showed an earlier revision, and shows this one now.
    ADVANCED = "advanced"
    # The rows say the same.
    KNOWN = "known"
    # The artifact was deleted meanwhile; nothing was written.
    DEAD = "dead"


class Bytes(Protocol):
    """Tells which of some digests the bucket has the bytes of."""

    def __call__(self, digests: Iterable[str]) -> set[str]:
        """Return the digests that are there."""
        ...


def kept_in_rows(digests: Iterable[str]) -> set[str]:
    """Return the digests that have a row; `rebuild` first writes a row for each blob."""
    wanted = sorted(digests)
    steps = (wanted[at : at + _BATCH_ROWS] for at in range(0, len(wanted), _BATCH_ROWS))
    rows = (Blob.objects.filter(sha256__in=step).values_list("sha256", flat=True) for step in steps)
    return set(chain.from_iterable(rows))


def restore_record(
    record: dict[str, Any],
    *,
    is_current: bool,
    kept: Bytes = kept_in_rows,
    sources: Mapping[tuple[str, str], str] = MappingProxyType({}),
    decisions: Sequence[dict[str, Any]] = (),
) -> Outcome:
    """Write the rows that a record describes, unless they exist; all of them or none.

    If the artifact has rows and the record's revision is newer, that becomes the current one, as it
    was before the rows were lost. A task fetches missing bytes again.

    Args:
        is_current: whether this is the artifact's own record, not that of one of its revisions.
        sources: holders of sources (type and key) that have no rows yet.
        decisions: those on all revisions of the artifact.

    Raises:
        SourceRegisteredAgain: another artifact has the source.
        RecordBroken: a field is missing, has the wrong type, or contradicts a row.
    """
    try:
        with writing():
            if _is_dead(record):
                return Outcome.DEAD
            artifact, outcome = _restore_artifact(record, sources, is_current=is_current)
            # Asked again, since writing the row may have waited for a deletion that is visible
            # only now.
            if _is_dead(record):
                transaction.set_rollback(True)
                return Outcome.DEAD
            revision, is_new = _restore_revision(artifact, record["revision"])
            if is_new:
                _restore_files(revision, record, kept)
                restore_rating(revision, record)
                _fetch_if_incomplete(revision)
            else:
                _link_files(revision, record, kept)
            restore_decisions(revision, decisions)
            if _is_later(artifact, revision, is_current=is_current, is_new=is_new):
                if artifact.current_revision_id is not None:
                    _refuse_taken(record, sources)
                    outcome = Outcome.ADVANCED
                _make_current(artifact, revision, record)
            if is_current:
                restore_monitors(artifact, record)
                restore_globals(artifact, record.get("globals", ()))
                restore_look_alikes(artifact.id, record)
    except AT_ODDS as error:
        raise RecordBroken(f"A record lacks a field or has a wrong one: {error}") from error
    return outcome


def _refuse_taken(record: dict[str, Any], sources: Mapping[tuple[str, str], str]) -> None:
    """Check that no other artifact has the record's source.

    Raises:
        SourceRegisteredAgain: another one has it.
    """
    artifact_id, kind, key = record["id"], record["type"], record["source_key"]
    rows = Artifact.objects.filter(type=kind, source_key=key).exclude(id=artifact_id)
    holder = rows.values_list("id", flat=True).first() or sources.get((kind, key), artifact_id)
    if holder != artifact_id:
        raise SourceRegisteredAgain(artifact_id, key, holder)


def _is_later(artifact: Artifact, revision: Revision, *, is_current: bool, is_new: bool) -> bool:
    """Whether an artifact is to show this revision.

    Revision numbers only grow, and rows are written before records. So a revision that had no rows
    and has a higher number than the current one was current before the rows were lost.
    """
    if artifact.current_revision is None:
        return is_current
    return is_new and revision.number > artifact.current_revision.number


def find_pending_reset_us() -> int:
    """Return when the last reset was whose work in the bucket is not done; 0 for none.

    The rows show it before the bucket does.
    """
    resets = Task.objects.filter(name=Job.REMOVE_EVERYTHING).values_list("arguments", flat=True)
    return max((int(each["reset_us"]) for each in resets), default=0)


def _is_dead(record: dict[str, Any]) -> bool:
    """Whether a record's artifact was deleted, alone or by a reset, since the record was read.

    The rows show it before the bucket does, since a task removes the objects.
    """
    if int(record["created_us"]) <= find_pending_reset_us():
        return True
    entries = AuditEntry.objects.filter(artifact_id=record["id"], action=AuditAction.DELETE)
    return entries.exists()


def _make_current(artifact: Artifact, revision: Revision, record: dict[str, Any]) -> None:
    """Make a restored artifact visible with its record's revision and audit entries."""
    SearchDocument.objects.update_or_create(
        artifact=artifact, defaults={"name": artifact.name, "readme": record["readme"]}
    )
    entries = AuditEntry.objects.filter(artifact_id=artifact.id)
    known = set(entries.values_list("action", "created_at"))
    dated = [(entry, datetime.fromisoformat(entry["created_at"])) for entry in record["audit"]]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            artifact_id=artifact.id,
            artifact_type=ArtifactType(artifact.type),
            artifact_name=artifact.name,
            created_at=created_at,
            **{field: entry[field] for field in AUDIT_FIELDS},
        )
        for entry, created_at in dated
        if (entry["action"], created_at) not in known
    )
    artifact.current_revision = revision
    artifact.source_key = record["source_key"]
    artifact.save(update_fields=["current_revision", "source_key"])
    restore_lineage(artifact, record)
    rating = record.get("rating") or {}
    keep_marks(artifact.id, rating.get("evidence", {}).get("marks", {}))


def _fetch_if_incomplete(revision: Revision) -> None:
    """Schedule fetching missing bytes, in the transaction that writes the rows."""
    if revision.content_state == ContentState.PENDING:
        queue.schedule(
            Job.MIRROR_REVISION, artifact_id=revision.artifact_id, revision_id=revision.pk
        )


def _restore_artifact(
    record: dict[str, Any], sources: Mapping[tuple[str, str], str], *, is_current: bool
) -> tuple[Artifact, Outcome]:
    """Write the artifact's row, which stays invisible for now.

    An interrupted deletion may leave only records of revisions: an artifact made from those would
    never become visible, and yet occupy its source. A row is locked: it shall not go meanwhile.
    """
    rows = Artifact.objects.select_for_update(no_key=True)
    if (known := rows.filter(id=record["id"]).first()) is not None:
        return known, Outcome.KNOWN
    if not is_current:
        raise RecordBroken("This revision's artifact has no record of its own any more.")
    _refuse_taken(record, sources)
    fields = ("type", "name", "source_key", "created_us", "uploader_name")
    artifact, _ = Artifact.objects.get_or_create(
        id=record["id"],
        defaults={field: record[field] for field in fields}
        | {"uploader": User.objects.filter(username=record["uploader_name"]).first()},
    )
    return artifact, Outcome.RESTORED


def _restore_revision(artifact: Artifact, fields: dict[str, Any]) -> tuple[Revision, bool]:
    """Write a revision's row; a newer revision of the same number gets the next free number.

    The newer one has no record yet, since `artifact_records` refuses to overwrite another's.
    """
    values = {field: fields[field] for field in REVISION_FIELDS}
    values["created_at"] = datetime.fromisoformat(fields["created_at"])
    values["tag_targets"] = read_targets(fields.get("tag_targets", {}))  # Older records have none.
    number = values.pop("number")
    other = artifact.revisions.filter(number=number).exclude(created_at=values["created_at"])
    if other.exists():
        last = artifact.revisions.aggregate(last=Max("number"))["last"]
        other.update(number=last + 1)
        artifact.refresh_from_db()
    return Revision.objects.get_or_create(artifact=artifact, number=number, defaults=values)


def _link_files(revision: Revision, record: dict[str, Any], kept: Bytes) -> None:
    """Link the files of a revision that was restored before its bytes were found."""
    kept_once = record["revision"]["content_state"] == ContentState.STORED
    if not kept_once or revision.content_state not in (ContentState.PENDING, ContentState.FAILED):
        return
    stated = {each["path"]: each["sha256"] for each in record["files"]}
    there = kept({each for each in stated.values() if each})
    files = list(revision.files.filter(blob=None))
    for file in files:
        if stated.get(file.path) in there:
            file.blob_id = stated[file.path]
    File.objects.bulk_update(files, ["blob"], batch_size=_BATCH_ROWS)
    if all(file.blob_id for file in files):
        Revision.objects.filter(pk=revision.pk).update(
            content_state=ContentState.STORED,
            content_reason=record["revision"]["content_reason"],
            stored_bytes=record["revision"]["stored_bytes"],
        )


def _restore_files(revision: Revision, record: dict[str, Any], kept: Bytes) -> None:
    """Write files and tags; incomplete content is marked to be mirrored again."""
    present = kept({each["sha256"] for each in record["files"] if each["sha256"]})
    files = [
        File(
            revision=revision,
            path=each["path"],
            part=each["part"],
            size_bytes=each["size_bytes"],
            source_digest=each["source_digest"],
            fault=each.get("fault", ""),  # Records of older releases have none.
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
