"""Replacing an artifact's content: a new revision; the old one is kept for the record."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial

from django.db.models import Max

from artifacts.exceptions import ArtifactNotFound, InvalidRequest, SourceUnavailable
from artifacts.limits import DEFERRED_SNAPSHOT_DEADLINE_S, SNAPSHOT_DEADLINE_S
from artifacts.models import Artifact, User
from artifacts.selectors.artifacts import get_artifact
from artifacts.services import tasks
from artifacts.services.rating import Assessment, assess_snapshot
from artifacts.services.registration import Registration, refuse_duplicate
from artifacts.services.revisions import Author, draft_revision, save_revision
from artifacts.services.transactions import UPLOAD, RestsOn, writing
from artifacts.services.uploads import require_own_upload
from artifacts.sources.base import Deadline, Snapshot
from artifacts.sources.catalogue import find_source

logger = logging.getLogger(__name__)


def replace_artifact(
    *, artifact_type: str, artifact_id: str, name: str, url: str, user: User
) -> Registration:
    """Give an artifact a new revision from a URL, or begin to when its source does not answer now.

    While the work is deferred the artifact goes on showing its old revision.

    Raises:
        ArtifactNotFound: there is none with this type and id.
        InvalidRequest: the name is not the artifact's.
        UploadNotFound: it is an upload that this user did not announce.
        InvalidUrl, SourceRefused: the url is wrong, or its source says that there is no such thing.
        ArtifactExists: another artifact of the type has this source.
        GateFailed: the gate is enforced, and the new content does not pass it.
    """
    artifact = get_artifact(artifact_type, artifact_id)
    if artifact.name != name:
        raise InvalidRequest(
            f"The artifact {artifact_id} is named {artifact.name!r}, not {name!r}. "
            "Name and id must match."
        )
    require_own_upload(user=user, url=url)
    source, reference = find_source(url)
    refuse_duplicate(artifact_type, reference.key, url, but=artifact_id)
    deadline = Deadline(SNAPSHOT_DEADLINE_S)
    try:
        snapshot = source.fetch_snapshot(reference, deadline)
        assessment = assess_snapshot(artifact_type, snapshot, deadline)
    except SourceUnavailable as error:
        logger.warning("replacement.deferred", extra={"url": url, "reason": error.message})
        with writing(RestsOn(user, UPLOAD, artifact_id, url=url)):
            tasks.schedule(
                "ingest_replacement",
                artifact_id=artifact_id,
                arguments={"url": url, "username": user.username},
            )
        return Registration(artifact, url, is_deferred=True)
    author = Author(user.username, user.is_admin)
    _replace(artifact_id, snapshot, assessment, url, author, user)
    return Registration(artifact, url, is_deferred=False)


def complete_replacement(*, artifact_id: str, url: str, username: str) -> None:
    """Do what a deferred replacement left to do. Called by its task, perhaps twice.

    Raises:
        SourceError: the source still does not answer, or refuses.
        ArtifactExists: another artifact has the source by now.
        GateFailed: the gate is enforced, and the new content does not pass it.
    """
    artifact = Artifact.objects.visible().filter(id=artifact_id).first()
    if artifact is None:
        return  # Deleted since.
    source, reference = find_source(url)
    deadline = Deadline(DEFERRED_SNAPSHOT_DEADLINE_S)
    snapshot = source.fetch_snapshot(reference, deadline)
    assessment = assess_snapshot(artifact.type, snapshot, deadline)
    user = User.objects.filter(username=username).first()
    author = Author(username, user is not None and user.is_admin)
    with suppress(ArtifactNotFound):  # Deleted while the source answered.
        _replace(artifact_id, snapshot, assessment, url, author)


def _replace(
    artifact_id: str,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    author: Author,
    user: User | None = None,
) -> None:
    """Write the new revision and move the artifact's pointer, in one transaction.

    The record in the bucket follows with the mirror task, which is written in the same transaction:
    until then a rebuild would give the old revision, never a mixture.

    Args:
        user: who asks and waits for the answer; None when nobody does.
    """
    kind = artifact_id.partition("-")[0]
    taken = partial(refuse_duplicate, kind, snapshot.reference.key, url, but=artifact_id)
    rests_on = RestsOn(user, UPLOAD, artifact_id, changes_artifact=True, url=url)
    with writing(rests_on, explain=taken):
        taken()
        artifact = Artifact.objects.get(id=artifact_id)
        last = artifact.revisions.aggregate(last=Max("number"))["last"] or 0
        artifact.source_key = snapshot.reference.key
        draft = draft_revision(
            artifact=artifact,
            snapshot=snapshot,
            url=url,
            number=last + 1,
            author=author,
            assessment=assessment,
        )
        save_revision(draft)
    logger.info("artifact.replaced", extra={"artifact": artifact_id, "url": url})
