"""Repairing rows whose objects the bucket has lost, for example because it was restored.

Records are written again from the rows; bytes are fetched again from their sources.
"""

from __future__ import annotations

import logging

from django.utils import timezone

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType, AuditAction, ContentState
from artifacts.exceptions import ObjectMissing
from artifacts.models import Artifact, AuditEntry, Blob, Decision, File, Revision
from artifacts.models.walks import walk
from artifacts.rules.digest import Sha256
from artifacts.services.access.audit import record_act
from artifacts.services.records.artifact_records import store_old_revisions, store_record
from artifacts.services.records.decision_records import store_decisions
from artifacts.services.upkeep.rebuilt import Rebuilt
from artifacts.storage.keys import (
    RECORDS_PREFIX,
    blob_key,
    decisions_key,
    parse_artifact_id,
    record_key,
    revision_key,
)
from artifacts.storage.store import get_store, is_there
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

_FAILED = "its registration failed while the registry was rebuilt"


def forget_buried(buried: set[str], result: Rebuilt, *, is_dry_run: bool) -> None:
    """Delete the rows of artifacts that have a tombstone in the bucket.

    The database was restored to a moment before their deletion. Their objects are gone, so the rows
    would be artifacts without content. To undo a deletion, remove its tombstone first
    (docs/operations.md).
    """
    for artifact_id in sorted(buried):
        artifact = Artifact.objects.filter(id=artifact_id).first()
        if artifact is None:
            continue
        result.deleted_again.append(artifact_id)
        if is_dry_run:
            continue
        with writing():
            Artifact.objects.filter(id=artifact_id).delete()
            AuditEntry.objects.create(
                artifact_id=artifact_id,
                artifact_type=ArtifactType(artifact.type),
                artifact_name=artifact.name,
                user_name="",
                user_is_admin=True,
                action=AuditAction.DELETE,
                created_at=timezone.now(),
                note="deleted before the database was restored",
            )
            queue.schedule(Job.REMOVE_OBJECTS, artifact_id=artifact_id)
        logger.warning("rebuild.deleted_again", extra={"artifact": artifact_id})


def forget_without_record(artifact_id: str) -> None:
    """Delete a restored artifact whose registration failed meanwhile and removed its record.

    See `registration`, which removes the record first and then looks for the rows. The trail, which
    came back with the rows, ends with the deletion, as any trail of what is not there.
    """
    try:
        get_store().stat(record_key(artifact_id))
    except ObjectMissing:
        with writing():
            # Nobody else's deletion is written down twice: whoever deletes it holds this lock.
            rows = Artifact.objects.select_for_update().filter(id=artifact_id)
            for artifact in rows:
                rows.delete()
                record_act(artifact, "", is_admin=True, action=AuditAction.DELETE, note=_FAILED)


def find_missing(
    buried: set[str], blobs: set[Sha256], result: Rebuilt, *, is_dry_run: bool
) -> None:
    """Find records and bytes that the rows name and the bucket lacks, and bring them back.

    Args:
        blobs: the digests of all blobs that were in the bucket when the rebuild began.
    """
    _find_records(buried, result, is_dry_run=is_dry_run)
    _find_bytes(blobs, result, is_dry_run=is_dry_run)


def _find_records(buried: set[str], result: Rebuilt, *, is_dry_run: bool) -> None:
    """Write the records that the bucket has lost.

    Once its content is settled a revision has a record; if that is missing, the artifact's own
    record describes an earlier revision.
    """
    keys = {found.key for found in get_store().list(RECORDS_PREFIX)}
    rows = Decision.objects.order_by().values_list("revision__artifact_id", flat=True)
    decided = set(rows.distinct())
    broken = {parse_artifact_id(key) for key in result.broken}
    for artifact in walk(Artifact.objects.visible().select_related("current_revision")):
        if artifact.id in buried or artifact.id in broken or artifact.current_revision is None:
            continue
        wanted = {record_key(artifact.id)}
        if artifact.current_revision.content_state != ContentState.PENDING:
            wanted.add(revision_key(artifact.id, artifact.current_revision.number))
        if artifact.id in decided:
            wanted.add(decisions_key(artifact.id))
        if all(key in keys or is_there(key) for key in wanted):
            continue
        if not Artifact.objects.filter(id=artifact.id).exists():
            continue  # Deleted meanwhile.
        result.records_written.append(artifact.id)
        if not is_dry_run:
            logger.warning("rebuild.record_lost", extra={"artifact": artifact.id})
            store_old_revisions(artifact.id)
            store_record(artifact.id)
            if artifact.id in decided:
                store_decisions(artifact.id)


def _find_bytes(blobs: set[Sha256], result: Rebuilt, *, is_dry_run: bool) -> None:
    """Schedule fetching the bytes that the bucket has lost."""
    lost: set[str] = set()
    for blob in walk(Blob.objects.all()):
        # A blob that was added meanwhile has its object before its row.
        if blob.sha256 in blobs or is_there(blob_key(blob.sha256)):
            continue
        files = File.objects.filter(blob=blob.sha256)
        lost.update(files.values_list("revision__artifact_id", flat=True))
        if not is_dry_run:
            _forget_blob(blob.sha256)
    result.bytes_lost.extend(sorted(lost))


def _forget_blob(sha256: Sha256) -> None:
    """Remove the row of a lost blob, and schedule mirroring the revisions that used it."""
    with writing():
        revisions = Revision.objects.filter(files__blob=sha256).distinct()
        users = list(revisions.values_list("artifact_id", "id"))
        File.objects.filter(blob=sha256).update(blob=None)
        Blob.objects.filter(sha256=sha256).delete()
        Revision.objects.filter(
            id__in=[revision_id for _, revision_id in users], content_state=ContentState.STORED
        ).update(content_state=ContentState.PENDING)
        for artifact_id, revision_id in users:
            queue.schedule_once(
                Job.MIRROR_REVISION, artifact_id=artifact_id, revision_id=revision_id
            )
    if users:
        logger.warning("rebuild.bytes_lost", extra={"sha256": sha256})
