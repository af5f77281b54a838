"""From a URL to a registered artifact."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from django.db import Error

from artifacts.exceptions import (
    ArtifactExists,
    ArtifactNotFound,
    InvalidUrl,
    RegistryError,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.limits import (
    DEFERRED_SNAPSHOT_DEADLINE_S,
    INDEXED_TEXT_MAX_BYTES,
    SNAPSHOT_DEADLINE_S,
    SOURCE_KEY_MAX_CHARS,
)
from artifacts.models import Artifact, User
from artifacts.rules.names import check_name
from artifacts.rules.text import is_indexable
from artifacts.services import tasks
from artifacts.services.identity import next_id
from artifacts.services.rating import Assessment, assess_snapshot
from artifacts.services.records import RECORD_TYPE, store_record
from artifacts.services.revisions import Author, Draft, draft_revision, save_revision
from artifacts.services.transactions import UPLOAD, RestsOn, writing
from artifacts.services.uploads import require_own_upload
from artifacts.sources.base import Deadline, Snapshot, SourceReference
from artifacts.sources.catalogue import find_source
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Registration:
    """What a registration or replacement came to.

    Attributes:
        url: the source, as the client wrote it.
        is_deferred: True when the source did not answer, and the work goes on in the background.
    """

    artifact: Artifact
    url: str
    is_deferred: bool


def register_artifact(
    *, artifact_type: str, url: str, name: str | None, user: User
) -> Registration:
    """Register what a URL names, or begin to when its source does not answer now.

    Raises:
        InvalidUrl, InvalidName: the request is wrong.
        UploadNotFound: it is an upload that this user did not announce.
        SourceRefused: the source says that there is no such thing.
        ArtifactExists: this source is registered already, under this type.
        GateFailed: the gate is enforced, and the model does not pass it.
        AuthenticationFailed, PermissionMissing: the user went, or may not upload any more.
    """
    require_own_upload(user=user, url=url)
    source, reference = find_source(url)
    name = check_name(reference.name if name is None else name)
    refuse_duplicate(artifact_type, reference.key, url)
    deadline = Deadline(SNAPSHOT_DEADLINE_S)
    try:
        snapshot = source.fetch_snapshot(reference, deadline)
        refuse_duplicate(artifact_type, snapshot.reference.key, url)
        assessment = assess_snapshot(artifact_type, snapshot, deadline)
    except SourceUnavailable as error:
        logger.warning("registration.deferred", extra={"url": url, "reason": error.message})
        return _defer(artifact_type, url, name, reference, user)
    artifact = _new_artifact(artifact_type, name, snapshot.reference.key, user)
    _create(artifact, snapshot, assessment, url, user)
    return Registration(artifact, url, is_deferred=False)


def complete_registration(*, artifact_id: str, url: str) -> None:
    """Do what a deferred registration left to do. Called by its task, perhaps twice.

    Raises:
        SourceError: the source still does not answer, or refuses.
        ArtifactExists: what the source calls the thing is registered by now.
        GateFailed: the gate is enforced, and the model does not pass it.
    """
    artifact = _find_waiting(artifact_id)
    if artifact is None:
        return
    source, reference = find_source(url)
    deadline = Deadline(DEFERRED_SNAPSHOT_DEADLINE_S)
    snapshot = source.fetch_snapshot(reference, deadline)
    assessment = assess_snapshot(artifact.type, snapshot, deadline)
    artifact.source_key = snapshot.reference.key
    is_admin = artifact.uploader is not None and artifact.uploader.is_admin
    _complete(artifact, snapshot, assessment, url, Author(artifact.uploader_name, is_admin))


def drop_artifact(*, artifact_id: str, reason: str, url: str) -> None:
    """Forget an artifact whose source failed for good; the reason stays with the task."""
    with writing():
        # Its source may answer in this moment: then it is complete once it is ours, and stays.
        waiting = Artifact.objects.select_for_update()
        for artifact in waiting.filter(id=artifact_id, current_revision__isnull=True):
            artifact.delete()
    if Artifact.objects.filter(id=artifact_id).exists():
        return
    get_store().delete([record_key(artifact_id)])
    logger.warning(
        "registration.dropped", extra={"artifact": artifact_id, "url": url, "reason": reason}
    )


def refuse_duplicate(
    artifact_type: str, source_key: str, url: str, *, but: str | None = None
) -> None:
    """See that no other artifact of the type has this source.

    Args:
        but: the id of an artifact that may have it.

    Raises:
        ArtifactExists: one has, and its id is named.
        InvalidUrl: the source's name is longer than the registry can keep.
    """
    if not is_indexable(source_key, SOURCE_KEY_MAX_CHARS):
        raise InvalidUrl(
            f"The url names a source of over {SOURCE_KEY_MAX_CHARS:,} characters, or of over "
            f"{INDEXED_TEXT_MAX_BYTES:,} bytes. Use a shorter one."
        )
    holder = Artifact.objects.filter(type=artifact_type, source_key=source_key).exclude(id=but)
    existing = holder.values_list("id", flat=True).first()
    if existing is not None:
        raise ArtifactExists(existing, url)


def _new_artifact(artifact_type: str, name: str, source_key: str, user: User) -> Artifact:
    """Prepare an artifact's row, under an id of its own."""
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
    """Prepare an artifact's first revision, unless its source is registered by now."""
    refuse_duplicate(artifact.type, artifact.source_key, url, but=artifact.id)
    return draft_revision(
        artifact=artifact,
        snapshot=snapshot,
        url=url,
        number=1,
        author=author,
        assessment=assessment,
    )


def _find_waiting(artifact_id: str) -> Artifact | None:
    """Return an artifact whose registration is not complete.

    None when it was deleted, perhaps by a reset, or completed by another delivery of the task.
    """
    return (
        Artifact.objects.select_related("uploader")
        .filter(id=artifact_id, current_revision__isnull=True)
        .first()
    )


def _create(
    artifact: Artifact,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    user: User,
) -> None:
    """Write the record, then the rows: a failure between the two leaves only an orphan."""
    author = Author(user.username, user.is_admin)
    draft = _first_draft(artifact, snapshot, assessment, url, author)
    key = record_key(artifact.id)
    if not get_store().create(key, draft.record(), RECORD_TYPE):
        # The second lock behind the sequence: an id is never given twice, whatever clocks do.
        raise RegistryError(f"The id {artifact.id} is in use in the bucket. Register once more.")
    taken = partial(refuse_duplicate, artifact.type, artifact.source_key, url)
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

    A rebuild may have found it meanwhile, and written the rows: then it stays. That looks in the
    other order (`rebuild`), so that one of the two sees the other.
    """
    key = record_key(artifact_id)
    try:
        get_store().delete([key])
        store_record(artifact_id)
    except (StorageUnavailable, Error) as error:
        # The error that led here is the one to report; `remove_orphans` clears what is left.
        logger.warning("record.left_behind", extra={"key": key, "reason": str(error)})


def _complete(
    artifact: Artifact,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    author: Author,
) -> None:
    """Give a deferred artifact its first revision."""
    draft = _first_draft(artifact, snapshot, assessment, url, author)
    get_store().replace(record_key(artifact.id), draft.record(), RECORD_TYPE)
    try:
        with writing(
            RestsOn(artifact_id=artifact.id, changes_artifact=True, url=url),
            explain=partial(
                refuse_duplicate, artifact.type, artifact.source_key, url, but=artifact.id
            ),
        ):
            is_waiting = _find_waiting(artifact.id) is not None
            if is_waiting:
                save_revision(draft)
    except ArtifactNotFound:
        # Deleted while the source answered.
        get_store().delete([record_key(artifact.id)])
        return
    if is_waiting:
        _log(artifact, url)
    else:
        store_record(artifact.id)  # Another delivery was sooner, and its record is the right one.


def _defer(
    artifact_type: str, url: str, name: str, reference: SourceReference, user: User
) -> Registration:
    """Take the id and hold the source, and leave the rest to a task."""
    artifact = _new_artifact(artifact_type, name, reference.key, user)
    taken = partial(refuse_duplicate, artifact_type, reference.key, url)
    with writing(RestsOn(user, UPLOAD, url=url), explain=taken):
        artifact.save(force_insert=True)
        tasks.schedule("ingest_artifact", artifact_id=artifact.id, arguments={"url": url})
    return Registration(artifact, url, is_deferred=True)


def _log(artifact: Artifact, url: str) -> None:
    """Say that an artifact is registered."""
    logger.info("artifact.registered", extra={"artifact": artifact.id, "url": url})
