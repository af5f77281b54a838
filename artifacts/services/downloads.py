"""Handing out an artifact's bytes: as a signed link, never through a view."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from artifacts.enums import AuditAction, ContentState, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentNotKept,
    ContentPending,
    InvalidRequest,
    ObjectMissing,
    PartNotFound,
)
from artifacts.limits import DOWNLOAD_POLL_S, DOWNLOAD_WAIT_S, LINK_LIFETIME_S, NOTE_MAX_CHARS
from artifacts.models import File, Revision, User
from artifacts.rules.names import in_hyphens
from artifacts.selectors.artifacts import get_artifact
from artifacts.services import tasks
from artifacts.services.audit import record_audit
from artifacts.services.transactions import DOWNLOAD, RestsOn, writing
from artifacts.storage.blobs import CONTENT_TYPE as BLOB_TYPE
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store

# What can be asked for. Configuration files are part of the whole bundle only (requirement A5).
DOWNLOAD_PARTS = (Part.FULL, Part.WEIGHTS, Part.DATASET, Part.CODE, Part.CARD)


@dataclass(frozen=True)
class Download:
    """Where the bytes are to be had for a while.

    Attributes:
        url: signed; a whole URL, or a path of this site.
        filename: what the file is called on the client's disk.
    """

    url: str
    filename: str


def get_download(
    *, artifact_type: str, artifact_id: str, part: str, user: User, method: str = "GET"
) -> Download:
    """Return a link to the zip of an artifact or of a part of it, and write the audit entry.

    Args:
        method: what the link is for, GET or HEAD: S3 takes it for nothing else.

    Raises:
        InvalidRequest: there is no such part.
        ArtifactNotFound: there is no such artifact.
        PartNotFound: the artifact has no file of this part.
        ContentNotKept: the bytes are not here, and why.
        ContentPending: they are on their way.
    """
    if part not in DOWNLOAD_PARTS:
        raise InvalidRequest(f"part is {part!r}; it must be one of: {', '.join(DOWNLOAD_PARTS)}.")
    artifact = get_artifact(artifact_type, artifact_id)
    revision = Revision.objects.filter(pk=artifact.current_revision_id or 0).first()
    if revision is None:
        raise ArtifactNotFound(artifact_type, artifact_id)
    _require_content(revision)
    _require_part(revision, part)
    key = bundle_key(artifact_id, revision.number, part)
    _require_bundle(revision, part, key)
    note = "" if part == Part.FULL else f"part={part}"
    with writing(RestsOn(user, DOWNLOAD, artifact_id)):
        record_audit(artifact=artifact, user=user, action=AuditAction.DOWNLOAD, note=note)
    filename = _filename(artifact.name, part)
    url = get_store().download_url(
        key,
        filename=filename,
        content_type="application/zip",
        expires_s=LINK_LIFETIME_S,
        method=method,
    )
    return Download(url, filename)


def get_file_download(*, file: File, user: User) -> Download:
    """Return a link to one file that is kept, and write the audit entry.

    Raises:
        ContentNotKept: its bytes are not here.
    """
    if file.blob_id is None:
        raise ContentNotKept(f"The registry does not hold the bytes of {file.path!r}.")
    filename = _plain(file.path.rpartition("/")[2])
    url = get_store().download_url(
        blob_key(file.blob_id),
        filename=filename,
        content_type=BLOB_TYPE,
        expires_s=LINK_LIFETIME_S,
    )
    artifact = file.revision.artifact
    with writing(RestsOn(user, DOWNLOAD, artifact.id)):
        record_audit(
            artifact=artifact,
            user=user,
            action=AuditAction.DOWNLOAD,
            note=f"file={file.path}"[:NOTE_MAX_CHARS],
        )
    return Download(url, filename)


def _require_content(revision: Revision) -> None:
    """See that the bytes are kept, waiting a moment for those that are just being fetched."""

    def is_settled() -> bool:
        try:
            revision.refresh_from_db(fields=["content_state", "content_reason"])
        except Revision.DoesNotExist as error:
            kind = revision.artifact_id.partition("-")[0]
            raise ArtifactNotFound(kind, revision.artifact_id) from error
        return revision.content_state != ContentState.PENDING

    if revision.content_state == ContentState.PENDING and not _wait_for(is_settled):
        raise ContentPending("The content is still being fetched from its source. Ask again soon.")
    if revision.content_state != ContentState.STORED:
        raise ContentNotKept(
            f"The registry does not hold this content. {revision.content_reason} "
            f"Its source is {revision.url}"
        )


def _require_part(revision: Revision, part: str) -> None:
    """See that a revision has files of a part."""
    present = set(revision.files.order_by().values_list("part", flat=True).distinct())
    if part != Part.FULL and part not in present:
        raise PartNotFound(part, tuple(sorted(present & set(DOWNLOAD_PARTS))))
    if not present:
        raise PartNotFound(part, ())


def _require_bundle(revision: Revision, part: str, key: str) -> None:
    """See that a zip is there; bundles may be deleted at any time and are built again."""

    def is_built() -> bool:
        try:
            get_store().stat(key)
        except ObjectMissing:
            return False
        return True

    if is_built():
        return
    arguments = {"revision": revision.number, "part": part}
    if not tasks.is_scheduled("build_bundle", revision.artifact_id, arguments):
        tasks.schedule("build_bundle", artifact_id=revision.artifact_id, arguments=arguments)
    if not _wait_for(is_built):
        raise ContentPending("The zip of this part is being made. Ask again soon.")


def _wait_for(is_done: Callable[[], bool]) -> bool:
    """Look again and again, for no longer than `DOWNLOAD_WAIT_S`."""
    ends_at = time.monotonic() + DOWNLOAD_WAIT_S
    while not is_done():
        if time.monotonic() > ends_at:
            return False
        time.sleep(DOWNLOAD_POLL_S)
    return True


def _filename(name: str, part: str) -> str:
    """Return a name that every file system takes."""
    stem = _plain(name)
    return f"{stem}.zip" if part == Part.FULL else f"{stem}-{part}.zip"


def _plain(name: str) -> str:
    """Return a name without what some file system refuses."""
    kept = in_hyphens(name, lambda each: each.isalnum() or each in "_.-")
    return kept.strip("-.") or "artifact"
