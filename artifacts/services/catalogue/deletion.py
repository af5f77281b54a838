"""Deleting one artifact."""

from __future__ import annotations

import logging

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, AuditEntry, User
from artifacts.selectors.artifacts import get_artifact
from artifacts.services.access.audit import record_audit
from artifacts.services.lineage.edges import schedule_followers
from artifacts.services.records.deaths import bury
from artifacts.storage.keys import BUNDLES_PREFIX, RECORDS_PREFIX
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def delete_artifact(
    *, artifact_type: ArtifactType, artifact_id: str, user: User, reason: str = ""
) -> None:
    """Delete an artifact's rows; a task removes its objects from the bucket.

    The rows are the truth, so this works while the bucket is unavailable. The task is written in
    the same transaction and cannot be lost. Blobs stay until nothing uses them (`remove_orphans`).

    Args:
        reason: why, for the trail; "" for none.

    Raises:
        ArtifactNotFound: there is none with this type and id.
    """
    artifact = get_artifact(artifact_type, artifact_id)
    with writing(RestsOn(user, UPLOAD)):
        # Others who refer to it wait for this lock and find it gone; so does a second deletion.
        mine = Artifact.objects.select_for_update().filter(id=artifact_id)
        key = mine.values_list("source_key", flat=True).first()
        if key is None:
            raise ArtifactNotFound(artifact_type, artifact_id)
        Artifact.objects.filter(id=artifact_id).delete()
        if artifact_type == ArtifactType.MODEL:
            schedule_followers(key)
        record_audit(artifact=artifact, user=user, action=AuditAction.DELETE, note=reason)
        queue.schedule(Job.REMOVE_OBJECTS, artifact_id=artifact_id)
    logger.info("artifact.deleted", extra={"artifact": artifact_id, "user": user.username})


def remove_objects(*, artifact_id: str) -> None:
    """Remove the records and bundles of a deleted artifact, and leave a tombstone."""
    if Artifact.objects.filter(id=artifact_id).exists():
        return
    entries = AuditEntry.objects.filter(artifact_id=artifact_id, action=AuditAction.DELETE)
    bury(artifact_id, entries.values_list("user_name", flat=True).last() or "")
    store = get_store()
    for prefix in (RECORDS_PREFIX, BUNDLES_PREFIX):
        store.delete(found.key for found in store.list(f"{prefix}{artifact_id}/"))
