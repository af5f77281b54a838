"""Downloads: signed links to an artifact's bytes, which never pass through a view."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Final

from artifacts.database.modes import AUDIT
from artifacts.database.transactions import DOWNLOAD, RestsOn, writing
from artifacts.enums import DOWNLOAD_PARTS, ArtifactType, AuditAction, ContentState, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentNotKept,
    ContentPending,
    InvalidRequest,
    PartNotFound,
)
from artifacts.limits import LINK_LIFETIME_S, NOTE_MAX_CHARS
from artifacts.models import Artifact, File, Rating, Revision, User
from artifacts.rules.digest import Sha256
from artifacts.rules.identity import parse_id
from artifacts.rules.names import in_hyphens
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.trust.decisions import require_lifted, require_obtainable
from artifacts.services.access.audit import record_audit
from artifacts.services.content.bundle_waiting import require_bundle, wait_for
from artifacts.services.content.monitoring import FreshVerdict, ask_monitor
from artifacts.storage import content_types
from artifacts.storage.base import Reading
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store

# What `get_file_download` reads beside a file, for `select_related`.
FILE_PLACE: Final = ("revision__artifact__current_revision", "revision__current_rating")
# What no download reads of a revision and its rating.
_LARGE: Final = (
    *Revision.LARGE_FIELDS,
    *(f"current_rating__{each}" for each in (*Rating.LARGE_FIELDS, "gate_thresholds")),
)
# What was asked longer ago is asked again before bytes are given out. What takes no waiting takes
# some hundredths of a second.
_HOLDS_S = 1.0


@dataclass(frozen=True)
class Download:
    """A link to the bytes that is valid for a while.

    Attributes:
        url: signed; a whole URL, or a path of this site.
        filename: the name under which clients save the file.
    """

    url: str
    filename: str


def get_download(
    *, artifact_type: ArtifactType, artifact_id: str, part: str, user: User, method: Reading = "GET"
) -> Download:
    """Return a link to the zip of an artifact or of a part of it, and write the audit entry.

    Args:
        method: GET or HEAD; S3 accepts the link for this method only.

    Raises:
        InvalidRequest: there is no such part.
        ArtifactNotFound: there is no such artifact.
        DownloadRefused, GateFailed, ContentNotKept, ContentPending: see `require_downloadable`.
        PartNotFound: the artifact has no file of this part.
        MonitorRefused, MonitorUnavailable, MonitorsBusy: see `ask_monitor`.
    """
    if part not in DOWNLOAD_PARTS:
        raise InvalidRequest(f"part is {part!r}; it must be one of: {', '.join(DOWNLOAD_PARTS)}.")
    asked_at_s = monotonic()
    artifact = get_artifact(artifact_type, artifact_id, with_quarantined=user.may("decide"))
    found = Revision.objects.select_related("current_rating").defer(*_LARGE)
    revision = found.filter(pk=artifact.current_revision_id or 0).first()
    if revision is None:
        raise ArtifactNotFound(artifact_type, artifact_id)
    require_downloadable(artifact, revision, user)
    _require_part(revision, part)
    key = bundle_key(artifact_id, revision.number, part)
    require_bundle(revision, part, key)
    fresh = ask_monitor(artifact=artifact, revision=revision, user=user, part=part)
    note = "" if part == Part.FULL else f"part={part}"
    with writing(RestsOn(user, DOWNLOAD, artifact_id), going_on=AUDIT):
        ask_again(revision, user, fresh, asked_at_s)
        entry = record_audit(artifact=artifact, user=user, action=AuditAction.DOWNLOAD, note=note)
        if fresh is not None:
            fresh.keep(entry)
    filename = _filename(artifact.name, part)
    url = get_store().download_url(
        key,
        filename=filename,
        content_type=content_types.ZIP,
        expires_s=LINK_LIFETIME_S,
        method=method,
    )
    return Download(url, filename)


def get_file_download(*, file: File, user: User) -> Download:
    """Return a link to one file, and write the audit entry.

    Args:
        file: read along with `FILE_PLACE`.

    Raises:
        ContentNotKept: the registry does not hold its bytes.
        ArtifactQuarantined, DownloadRefused, GateFailed: see `require_obtainable`.
        MonitorRefused, MonitorUnavailable, MonitorsBusy: see `ask_monitor`.
    """
    asked_at_s = monotonic()
    artifact = file.revision.artifact
    if artifact.current_revision is not None:
        require_lifted(artifact, artifact.current_revision, user)
    require_obtainable(artifact, file.revision, user)
    if file.blob_id is None:
        raise ContentNotKept(f"The registry does not hold the bytes of {file.path!r}.")
    fresh = ask_monitor(artifact=artifact, revision=file.revision, user=user, file=file.path)
    filename = plain_filename(file.path.rpartition("/")[2])
    url = get_store().download_url(
        blob_key(Sha256(file.blob_id)),
        filename=filename,
        content_type=content_types.BYTES,
        expires_s=LINK_LIFETIME_S,
    )
    with writing(RestsOn(user, DOWNLOAD, artifact.id), going_on=AUDIT):
        ask_again(file.revision, user, fresh, asked_at_s)
        entry = record_audit(
            artifact=artifact,
            user=user,
            action=AuditAction.DOWNLOAD,
            note=f"file={file.path}"[:NOTE_MAX_CHARS],
        )
        if fresh is not None:
            fresh.keep(entry)
    return Download(url, filename)


def require_downloadable(artifact: Artifact, revision: Revision, user: User) -> None:
    """Check that the bytes of a revision may be had, and are here. Every door asks this.

    Args:
        revision: with `decision`, `approved_until`, and its current rating's `gate`.

    Raises:
        ArtifactQuarantined, DownloadRefused, GateFailed: see `require_obtainable`.
        ContentNotKept, ContentPending, ArtifactNotFound: see `require_content`.
    """
    require_obtainable(artifact, revision, user)
    require_content(revision)


def ask_again(
    revision: Revision, user: User, fresh: FreshVerdict | None, asked_at_s: float
) -> None:
    """Check once more that bytes may be had, where a program or waiting came in between.

    Call it in the transaction that writes the download down. No query in other cases.

    Args:
        fresh: the verdict of the model's program, None if it did not run.
        asked_at_s: when it was asked first, by `monotonic`.

    Raises:
        ArtifactQuarantined, DownloadRefused, GateFailed: see `require_obtainable`.
        ArtifactNotFound: the revision was deleted meanwhile.
    """
    if fresh is None and monotonic() - asked_at_s < _HOLDS_S:
        return
    rows = Revision.objects.select_related("artifact__current_revision", "current_rating")
    known = rows.defer(*_LARGE).filter(pk=revision.pk).first()
    if known is None:
        raise ArtifactNotFound(parse_id(revision.artifact_id).type, revision.artifact_id)
    if known.artifact.current_revision is not None:
        require_lifted(known.artifact, known.artifact.current_revision, user)
    require_obtainable(known.artifact, known, user)


def require_content(revision: Revision) -> None:
    """Check that the bytes are kept; wait a moment if they are just being fetched.

    Raises:
        ContentNotKept: the registry does not hold them; the message says why.
        ContentPending: they are still being fetched.
        ArtifactNotFound: the artifact was deleted meanwhile.
    """

    def is_settled() -> bool:
        try:
            revision.refresh_from_db(fields=["content_state", "content_reason"])
        except Revision.DoesNotExist as error:
            kind = parse_id(revision.artifact_id).type
            raise ArtifactNotFound(kind, revision.artifact_id) from error
        return revision.content_state != ContentState.PENDING

    if revision.content_state == ContentState.PENDING and not wait_for(is_settled):
        raise ContentPending("The content is still being fetched from its source. Ask again soon.")
    if revision.content_state != ContentState.STORED:
        raise ContentNotKept(
            f"The registry does not hold this content. {revision.content_reason} "
            f"Its source is {revision.url}"
        )


def _require_part(revision: Revision, part: str) -> None:
    """Check that a revision has files of a part."""
    present = set(revision.files.order_by().values_list("part", flat=True).distinct())
    if part != Part.FULL and part not in present:
        raise PartNotFound(part, tuple(sorted(present & set(DOWNLOAD_PARTS))))
    if not present:
        raise PartNotFound(part, ())


def _filename(name: str, part: str) -> str:
    """Return a file name that every file system accepts."""
    stem = plain_filename(name)
    return f"{stem}.zip" if part == Part.FULL else f"{stem}-{part}.zip"


def plain_filename(name: str) -> str:
    """Return a name without the characters that some file systems refuse."""
    kept = in_hyphens(name, lambda each: each.isalnum() or each in "_.-")
    return kept.strip("-.") or "artifact"
