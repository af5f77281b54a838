"""Registering an artifact from a URL."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from django.db import Error

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ArtifactType
from artifacts.exceptions import (
    ArtifactNotFound,
    RegistryError,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.limits import DEFERRED_SNAPSHOT_DEADLINE_S
from artifacts.models import Artifact, User
from artifacts.services.catalogue.candidates import (
    Submission,
    check_submission,
    look_up,
    refuse_duplicate,
)
from artifacts.services.catalogue.revisions import (
    Author,
    Draft,
    Settle,
    draft_revision,
    leave,
    save_revision,
)
from artifacts.services.records.artifact_records import store_record
from artifacts.services.records.identity import next_id
from artifacts.services.trust.assessment import Assessment, assess_snapshot
from artifacts.sources.base import Snapshot
from artifacts.sources.catalogue import find_source
from artifacts.sources.inquiry import Inquiry
from artifacts.storage import content_types
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Registration:
    """The outcome of a registration or replacement.

    Attributes:
        url: the source, as the client wrote it.
        is_deferred: True when the source did not answer and a task continues the work.
    """

    artifact: Artifact
    url: str
    is_deferred: bool


def register_artifact(
    *, artifact_type: ArtifactType, url: str, name: str | None, user: User
) -> Registration:
    """Register what a URL names; if its source does not answer now, a task continues.

    Raises:
        InvalidUrl, InvalidName: the request is wrong.
        UploadNotFound: the URL names an upload that this user did not announce.
        SourceRefused: the source says that there is no such thing.
        ArtifactExists: this source is already registered under this type.
        GateFailed: the gate is enforced, and the model does not pass it.
        AuthenticationFailed, PermissionMissing: the user was deleted, or may no longer upload.
    """
    wanted = check_submission(artifact_type=artifact_type, url=url, name=name, user=user)
    try:
        found = look_up(wanted, assess_snapshot)
    except SourceUnavailable as error:
        logger.warning("registration.deferred", extra={"url": url, "reason": error.message})
        return _defer(wanted, user)
    artifact = new_artifact(artifact_type, found.name, found.snapshot.reference.key, user)
    _create(artifact, found.snapshot, found.assessment, url, user)
    return Registration(artifact, url, is_deferred=False)


def complete_registration(*, artifact_id: str, url: str) -> None:
    """Complete a deferred registration. Called by its task, perhaps twice.

    Raises:
        SourceError: the source still does not answer, or refuses.
        ArtifactExists: the source gives a name that has been registered meanwhile.
        GateFailed: the gate is enforced, and the model does not pass it.
    """
    artifact = _find_waiting(artifact_id)
    if artifact is None:
        return
    source, reference = find_source(url)
    inquiry = Inquiry(DEFERRED_SNAPSHOT_DEADLINE_S, is_patient=True)
    snapshot = source.fetch_snapshot(reference, inquiry)
    assessment = assess_snapshot(ArtifactType(artifact.type), snapshot, inquiry)
    artifact.source_key = snapshot.reference.key
    is_admin = artifact.uploader is not None and artifact.uploader.is_admin
    complete_with(artifact, snapshot, assessment, url, Author(artifact.uploader_name, is_admin))


def drop_artifact(
    *,
    artifact_id: str,
    reason: str = "",  # noqa: ARG001  (every give-up is told the reason; the task keeps it)
    url: str = "",  # noqa: ARG001  (likewise)
) -> bool:
    """Delete an artifact whose source failed for good; the task keeps the reason.

    If the bucket has a record of it, that stays for a rebuild: the artifact may have been complete
    before the database was restored to an earlier moment (docs/decisions/0031).

    Returns:
        False when the source answered meanwhile and the artifact stays.
    """
    with writing():
        # The lock waits for a delivery that is completing it; a complete artifact stays.
        waiting = Artifact.objects.select_for_update()
        for artifact in waiting.filter(id=artifact_id, current_revision__isnull=True):
            artifact.delete()
    return not Artifact.objects.filter(id=artifact_id).exists()


def new_artifact(artifact_type: ArtifactType, name: str, source_key: str, user: User) -> Artifact:
    """Prepare the row of a new artifact with a new id."""
    artifact_id, created_us = next_id(artifact_type)
    return Artifact(
        id=artifact_id,
        type=artifact_type,
        name=name,
        source_key=source_key,
        created_us=created_us,
        uploader=user,
        uploader_name=user.username,
    )


def _first_draft(
    artifact: Artifact,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    author: Author,
) -> Draft:
    """Prepare an artifact's first revision, unless its source has been registered meanwhile."""
    refuse_duplicate(ArtifactType(artifact.type), artifact.source_key, url, but=artifact.id)
    return draft_revision(
        artifact=artifact,
        snapshot=snapshot,
        url=url,
        number=1,
        author=author,
        assessment=assessment,
    )


def _find_waiting(artifact_id: str) -> Artifact | None:
    """Return an artifact whose registration is incomplete.

    None when it was deleted, perhaps by a reset, or completed by another delivery of the task.
    """
    return (
        Artifact.objects.select_related("uploader")
        .filter(id=artifact_id, current_revision__isnull=True)
        .first()
    )


def _create(
    artifact: Artifact, snapshot: Snapshot, assessment: Assessment | None, url: str, user: User
) -> None:
    """Write the record, then the rows, so that a failure in between leaves only an orphan."""
    author = Author(user.username, user.is_admin)
    draft = _first_draft(artifact, snapshot, assessment, url, author)
    key = record_key(artifact.id)
    if not get_store().create(key, draft.record(), content_types.JSON):
        # A second guard besides the sequence: no id is given twice, even if clocks go wrong.
        raise RegistryError(f"The id {artifact.id} is in use in the bucket. Register once more.")
    taken = partial(refuse_duplicate, ArtifactType(artifact.type), artifact.source_key, url)
    try:
        with writing(RestsOn(user, UPLOAD, url=url), explain=taken):
            artifact.save(force_insert=True)
            save_revision(draft)
    except (Error, RegistryError):
        _remove_record(artifact.id)
        raise
    _log(artifact, url)


def _remove_record(artifact_id: str) -> None:
    """Remove a record whose rows were not written.

    If a rebuild found the record meanwhile and wrote the rows, the record is written again. The
    rebuild checks in the opposite order, so that one of the two always sees the other.
    """
    key = record_key(artifact_id)
    try:
        get_store().delete([key])
        store_record(artifact_id)
    except (StorageUnavailable, Error) as error:
        # The caller reports the error that led here; `remove_orphans` removes the leftovers.
        logger.warning("record.left_behind", extra={"key": key, "reason": str(error)})


def complete_with(
    artifact: Artifact,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    author: Author,
    *,
    user: User | None = None,
    settle: Settle = leave,
) -> bool:
    """Give a waiting artifact its first revision; False when it was deleted, or has one already.

    If the rows cannot be written, the record is removed again, unless it existed before.

    Args:
        user: the caller who waits for the answer; None in a task.
        settle: called with the draft, within the transaction that writes it.
    """
    draft = _first_draft(artifact, snapshot, assessment, url, author)
    store, key, record = get_store(), record_key(artifact.id), draft.record()
    is_ours = store.create(key, record, content_types.JSON)
    if not is_ours:
        store.replace(key, record, content_types.JSON)
    try:
        with writing(
            RestsOn(user, UPLOAD, artifact.id, changes_artifact=True, url=url),
            explain=partial(
                refuse_duplicate,
                ArtifactType(artifact.type),
                artifact.source_key,
                url,
                but=artifact.id,
            ),
        ):
            is_waiting = _find_waiting(artifact.id) is not None
            if is_waiting:
                settle(draft)
                save_revision(draft)
    except ArtifactNotFound:
        # Deleted while the source answered; the deletion's task removes an earlier record.
        if is_ours:
            store.delete([key])
        return False
    except (Error, RegistryError):
        if is_ours:
            _remove_record(artifact.id)
        raise
    if is_waiting:
        _log(artifact, url)
    else:
        store_record(artifact.id)  # Another delivery was faster; restore its record.
    return is_waiting


def _defer(wanted: Submission, user: User) -> Registration:
    """Reserve the id and the source, and leave the rest to a task."""
    key, url = wanted.reference.key, wanted.url
    artifact = new_artifact(wanted.artifact_type, wanted.first_name, key, user)
    taken = partial(refuse_duplicate, wanted.artifact_type, key, url)
    with writing(RestsOn(user, UPLOAD, url=url), explain=taken):
        artifact.save(force_insert=True)
        queue.schedule(Job.INGEST_ARTIFACT, artifact_id=artifact.id, url=url)
    return Registration(artifact, url, is_deferred=True)


def _log(artifact: Artifact, url: str) -> None:
    """Log that an artifact is registered."""
    logger.info("artifact.registered", extra={"artifact": artifact.id, "url": url})
