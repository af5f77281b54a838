"""Deleting one artifact."""

from __future__ import annotations

import logging

from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, User
from artifacts.selectors.artifacts import get_artifact
from artifacts.services import tasks
from artifacts.services.audit import record_audit
from artifacts.services.lineage import schedule_followers
from artifacts.services.transactions import UPLOAD, RestsOn, writing
from artifacts.storage.keys import BUNDLES_PREFIX, RECORDS_PREFIX
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


def delete_artifact(*, artifact_type: str, artifact_id: str, user: User) -> None:
    """Delete an artifact; what the bucket holds of it follows by a task.

    The rows are the truth, so this works while the bucket is away, and its task, written in the
    same transaction, cannot be forgotten. Blobs stay until nothing uses them (`remove_orphans`).

    Raises:
        ArtifactNotFound: there is none with this type and id.
    """
    artifact = get_artifact(artifact_type, artifact_id)
    with writing(RestsOn(user, UPLOAD)):
        # Whoever is about to refer to it waits, and finds it gone; of two deletions one is told so.
        mine = Artifact.objects.select_for_update().filter(id=artifact_id)
        key = mine.values_list("source_key", flat=True).first()
        if key is None:
            raise ArtifactNotFound(artifact_type, artifact_id)
        Artifact.objects.filter(id=artifact_id).delete()
        if artifact_type == ArtifactType.MODEL:
            schedule_followers(key)
        record_audit(artifact=artifact, user=user, action=AuditAction.DELETE)
        tasks.schedule("remove_objects", artifact_id=artifact_id)
    logger.info("artifact.deleted", extra={"artifact": artifact_id, "user": user.username})


def remove_objects(*, artifact_id: str) -> None:
    """Remove records and bundles of an artifact that has no row any more."""
    if Artifact.objects.filter(id=artifact_id).exists():
        return
    store = get_store()
    for prefix in (RECORDS_PREFIX, BUNDLES_PREFIX):
        store.delete(found.key for found in store.list(f"{prefix}{artifact_id}/"))
