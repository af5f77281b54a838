"""Deleting one artifact."""

from __future__ import annotations

import logging

from django.utils import timezone

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ArtifactType, AuditAction
from artifacts.exceptions import ArtifactNotFound
from artifacts.limits import NOTE_MAX_CHARS
from artifacts.models import Artifact, AuditEntry, Revision, User, Withdrawal
from artifacts.rules.hub.repo_ids import HUB_KINDS, plain_repo_id
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.catalogue.repo_ids import find_repo_id
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
    artifact = get_artifact(artifact_type, artifact_id, with_quarantined=user.may("decide"))
    with writing(RestsOn(user, UPLOAD)):
        # Others who refer to it wait for this lock and find it gone; so does a second deletion.
        mine = Artifact.objects.select_for_update().filter(id=artifact_id).first()
        if mine is None:
            raise ArtifactNotFound(artifact_type, artifact_id)
        _withdraw(mine, reason)
        Artifact.objects.filter(id=artifact_id).delete()
        if artifact_type == ArtifactType.MODEL:
            schedule_followers(mine.source_key)
        record_audit(artifact=artifact, user=user, action=AuditAction.DELETE, note=reason)
        queue.schedule(Job.REMOVE_OBJECTS, artifact_id=artifact_id)
    logger.info("artifact.deleted", extra={"artifact": artifact_id, "user": user.username})


def _withdraw(artifact: Artifact, reason: str) -> None:
    """Keep the id under which the Hub's clients know an artifact, for those that have a copy."""
    columns = ("source_kind", "repository", "ref", "folder")
    revision = Revision.objects.only(*columns).filter(pk=artifact.current_revision_id or 0).first()
    if revision is None or artifact.type not in HUB_KINDS:
        return
    # Another ref of a source is not what its id means, which may be served still.
    repo_id = plain_repo_id(artifact.id) if revision.ref else find_repo_id(artifact, revision)
    Withdrawal.objects.update_or_create(
        type=artifact.type,
        repo_id=repo_id.lower(),
        defaults={
            "artifact_id": artifact.id,
            "reason": reason[:NOTE_MAX_CHARS],
            "withdrawn_at": timezone.now(),
        },
    )


def remove_objects(*, artifact_id: str) -> None:
    """Remove the records and bundles of a deleted artifact, and leave a tombstone."""
    if Artifact.objects.filter(id=artifact_id).exists():
        return
    entries = AuditEntry.objects.filter(artifact_id=artifact_id, action=AuditAction.DELETE)
    bury(artifact_id, entries.values_list("user_name", flat=True).last() or "")
    store = get_store()
    for prefix in (RECORDS_PREFIX, BUNDLES_PREFIX):
        store.delete(found.key for found in store.list(f"{prefix}{artifact_id}/"))
