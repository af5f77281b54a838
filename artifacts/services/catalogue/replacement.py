"""Replacing an artifact's content by a new revision; the old one is kept for the record."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.db.models import Max

from artifacts.database.transactions import RestsOn, writing
from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactNotFound, InvalidRequest, SourceUnavailable
from artifacts.limits import DEFERRED_SNAPSHOT_DEADLINE_S, SNAPSHOT_DEADLINE_S
from artifacts.models import Artifact, User
from artifacts.rules.identity import parse_id
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.trust.decisions import require_shown
from artifacts.services.access.ownership import permission_to_change, rests_on_later
from artifacts.services.catalogue.candidates import refuse_duplicate
from artifacts.services.catalogue.registration import Registration
from artifacts.services.catalogue.revisions import (
    Author,
    Settle,
    draft_revision,
    leave,
    save_revision,
)
from artifacts.services.content.uploads import require_own_upload
from artifacts.services.records.generation import require_joined
from artifacts.services.trust.assessment import Assessment, assess_snapshot
from artifacts.sources.base import Snapshot
from artifacts.sources.catalogue import find_source
from artifacts.sources.inquiry import Inquiry
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def replace_artifact(
    *, artifact_type: ArtifactType, artifact_id: str, name: str, url: str, user: User
) -> Registration:
    """Give an artifact a new revision from a URL; if its source does not answer, a task continues.

    Meanwhile the artifact keeps showing its old revision.

    Raises:
        ArtifactNotFound: there is none with this type and id.
        NotTheUploader: the user may not replace this one.
        InvalidRequest: the name is not the artifact's.
        UploadNotFound: the URL names an upload that this user did not announce.
        InvalidUrl, SourceRefused: the URL is wrong, or its source says that there is no such thing.
        ArtifactExists: another artifact of the type has this source.
        GateFailed: the gate is enforced, and the new content does not pass it.
    """
    artifact = get_artifact(artifact_type, artifact_id)
    needed = permission_to_change(artifact, user)
    if artifact.name != name:
        raise InvalidRequest(
            f"The artifact {artifact_id} is named {artifact.name!r}, not {name!r}. "
            "Name and id must match."
        )
    require_own_upload(user=user, url=url)
    source, reference = find_source(url)
    refuse_duplicate(artifact_type, reference.key, url, but=artifact_id)
    inquiry = Inquiry(SNAPSHOT_DEADLINE_S)
    try:
        snapshot = source.fetch_snapshot(reference, inquiry)
        assessment = assess_snapshot(artifact_type, snapshot, inquiry)
    except SourceUnavailable as error:
        logger.warning("replacement.deferred", extra={"url": url, "reason": error.message})
        with writing(RestsOn(user, needed, artifact_id, url=url)):
            queue.schedule(
                Job.INGEST_REPLACEMENT,
                artifact_id=artifact_id,
                url=url,
                username=user.username,
            )
        return Registration(artifact, url, is_deferred=True)
    author = Author(user.username, user.is_admin)
    replace_with(artifact_id, snapshot, assessment, url, author, RestsOn(user, needed))
    return Registration(artifact, url, is_deferred=False)


def complete_replacement(*, artifact_id: str, url: str, username: str) -> None:
    """Complete a deferred replacement. Called by its task, perhaps twice.

    Raises:
        SourceError: the source still does not answer, or refuses.
        ArtifactExists: another artifact got the source meanwhile.
        GateFailed: the gate is enforced, and the new content does not pass it.
        NotTheUploader: who asked for it may not replace this one any more.
    """
    artifact = Artifact.objects.visible().filter(id=artifact_id).first()
    if artifact is None:
        return  # Deleted meanwhile.
    user = User.objects.filter(username=username).first()
    caller = rests_on_later(artifact, user)
    source, reference = find_source(url)
    inquiry = Inquiry(DEFERRED_SNAPSHOT_DEADLINE_S, is_patient=True)
    snapshot = source.fetch_snapshot(reference, inquiry)
    assessment = assess_snapshot(ArtifactType(artifact.type), snapshot, inquiry)
    author = Author(username, user is not None and user.is_admin)
    with suppress(ArtifactNotFound):  # Deleted while the source answered.
        replace_with(artifact_id, snapshot, assessment, url, author, caller)


def replace_with(
    artifact_id: str,
    snapshot: Snapshot,
    assessment: Assessment | None,
    url: str,
    author: Author,
    caller: RestsOn | None = None,
    *,
    settle: Settle = leave,
) -> None:
    """Write the new revision and move the artifact's pointer, in one transaction.

    The mirror task, scheduled in the same transaction, updates the record in the bucket. Until then
    a rebuild would restore the old revision, never a mixture.

    Args:
        caller: who asked for it, and the permission that this needs; None where it needs none.
        settle: called with the draft, within the transaction that writes it.

    Raises:
        ArtifactQuarantined: it came into quarantine meanwhile.
    """
    require_joined()
    kind = parse_id(artifact_id).type
    taken = partial(refuse_duplicate, kind, snapshot.reference.key, url, but=artifact_id)
    rests_on = replace(caller or RestsOn(), artifact_id=artifact_id, changes_artifact=True, url=url)
    with writing(rests_on, explain=taken):
        taken()
        artifact = Artifact.objects.select_related("current_revision").get(id=artifact_id)
        if artifact.current_revision is not None:
            # New content would bring back what is hidden, before anybody has looked at it.
            require_shown(artifact, artifact.current_revision, user=None)
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
        settle(draft)
        save_revision(draft)
    logger.info("artifact.replaced", extra={"artifact": artifact_id, "url": url})
