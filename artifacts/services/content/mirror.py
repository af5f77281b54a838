"""Fetching the bytes of a revision, file by file, so that the artifact outlives its source."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from django.conf import settings

from artifacts.database.transactions import ADMINISTRATOR, RestsOn, writing
from artifacts.enums import AuditAction, ContentState, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    ContentTooLarge,
    PartNotFound,
    SourceRefused,
)
from artifacts.limits import SEGMENTED_MIN_BYTES, SMALL_CONTENT_MAX_BYTES
from artifacts.models import Artifact, Blob, File, Revision, User
from artifacts.rules.digest import Sha256, find_sha256
from artifacts.rules.text import storable
from artifacts.services.access.audit import record_audit
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.examination import Start, describe_faults, examine, keep_findings
from artifacts.services.records.artifact_records import store_record
from artifacts.sources.base import SourceFile
from artifacts.sources.catalogue import get_source
from artifacts.sources.stored import get_reference, get_source_file
from artifacts.storage import content_types
from artifacts.storage.blobs import StoredBlob, blob_exists, store_blob
from artifacts.storage.segments import SegmentedWriter
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.clock import check_time, is_timed, note_kept
from artifacts.work.jobs import Job
from artifacts.work.leases import report_progress

logger = logging.getLogger(__name__)
_TO_FETCH = (ContentState.PENDING, ContentState.FAILED)


def mirror_revision(*, revision_id: int) -> None:
    """Fetch what is missing of a revision, build its bundle, and write its record.

    Safe to run again at any point: files that are kept are not fetched again.

    Raises:
        SourceUnavailable, SourceMismatch, StorageUnavailable: try again later.
        SourceRefused: the source no longer has a file; final.
    """
    revision = Revision.objects.select_related("artifact").filter(id=revision_id).first()
    if revision is None:
        return  # Deleted since.
    is_stored = revision.content_state == ContentState.STORED
    # A task that was given up comes here again only when somebody retries it.
    if revision.content_state in _TO_FETCH:
        reason = reason_to_leave_out(revision.size_bytes)
        if reason:
            _set_state(revision, ContentState.LINK_ONLY, reason)
        else:
            _fetch_missing(revision)
            _build_bundle(revision)
            _set_state(revision, ContentState.STORED, describe_faults(revision))
            is_stored = True
            if settings.REGISTRY_DEMONSTRATION_PYTHON:
                queue.schedule(Job.DEMONSTRATE_MODEL, artifact_id=revision.artifact_id)
    store_record(revision.artifact_id)
    if is_stored:
        artifact_id = revision.artifact_id
        queue.schedule_next(Job.SCAN_REVISION, artifact_id=artifact_id, revision_id=revision_id)


def give_up_mirror(*, artifact_id: str, reason: str, revision_id: int) -> bool:
    """Keep with a revision why its bytes could not be fetched.

    Returns:
        False when it does not wait for them any more.
    """
    given_up = Revision.objects.filter(id=revision_id, content_state__in=_TO_FETCH).update(
        content_state=ContentState.FAILED, content_reason=storable(reason)
    )
    store_record(artifact_id)
    return bool(given_up)


def mirror_again(*, artifact_id: str, user: User) -> None:
    """Schedule a task that checks the current revision's bytes and fetches the missing ones.

    Raises:
        ArtifactNotFound: there is no such artifact.
        AuthenticationFailed, PermissionMissing: the user was deleted or demoted meanwhile.
    """
    with writing(RestsOn(user, ADMINISTRATOR, artifact_id, changes_artifact=True)):
        artifact = Artifact.objects.visible().filter(id=artifact_id).first()
        if artifact is None or artifact.current_revision_id is None:
            raise ArtifactNotFound("artifact", artifact_id)
        Revision.objects.filter(id=artifact.current_revision_id).update(
            content_state=ContentState.PENDING, content_reason=""
        )
        record_audit(
            artifact=artifact, user=user, action=AuditAction.UPDATE, note="content mirrored again"
        )
        queue.schedule(
            Job.MIRROR_REVISION,
            artifact_id=artifact.id,
            revision_id=artifact.current_revision_id,
        )


def reason_to_leave_out(size_bytes: int | None) -> str:
    """Return why content of this size is not mirrored; "" when it is."""
    limits = {
        "always": settings.REGISTRY_CONTENT_MAX_BYTES,
        "small": min(SMALL_CONTENT_MAX_BYTES, settings.REGISTRY_CONTENT_MAX_BYTES),
    }
    limit = limits.get(settings.REGISTRY_MIRROR)
    if limit is None:
        return "This registry keeps links only (REGISTRY_MIRROR is 'never')."
    if size_bytes is not None and size_bytes > limit:
        return f"The content has {size_bytes:,} bytes; this registry keeps at most {limit:,}."
    return ""


def _fetch_missing(revision: Revision) -> None:
    """Fetch each file that has no blob, and record the progress."""
    files = {file.path: file for file in revision.files.all()}
    listed = [(str(file.part), file.size_bytes) for file in files.values()]
    stored_bytes = 0
    missing: list[SourceFile] = []
    begun: dict[str, SegmentedWriter] = {}
    for file in files.values():
        check_time()
        if _is_kept(file) or _adopt_blob(file):
            stored_bytes += file.size_bytes or 0
            continue
        wanted = get_source_file(file)
        writer = _segmented_writer(file)
        if writer is not None:
            begun[file.path], wanted = writer, replace(wanted, start=writer.kept_bytes)
        missing.append(wanted)
    source = get_source(revision.source_kind)
    contents = source.fetch_contents(get_reference(revision), revision.commit, missing)
    for source_file, chunks in contents if missing else ():
        file = files[source_file.path]
        file.source_digest = source_file.digest
        writer = begun.get(file.path)
        start = Start(chain(writer.kept_chunks(), chunks) if writer else chunks)
        blob = store_blob(
            writer or get_store().writer(content_types.BYTES),
            _counted(start.passing(), stored_bytes, revision.size_bytes),
            size_bytes=source_file.size_bytes,
            digest=source_file.digest,
        )
        _keep(file, blob, start)
        note_kept()
        stored_bytes += blob.size_bytes
    unfetched = [path for path, file in files.items() if file.blob_id is None]
    if unfetched:
        raise SourceRefused(
            f"The source no longer gives {len(unfetched)} of {len(files)} files, "
            f"such as {unfetched[0]!r}. Replace the artifact to take what the source has now."
        )
    revision.stored_bytes = stored_bytes
    if revision.size_bytes is not None:
        # Objects of Git LFS are larger than the pointers that the source lists.
        revision.size_bytes = max(revision.size_bytes, stored_bytes)
    keep_findings(revision, files.values(), listed)


def _segmented_writer(file: File) -> SegmentedWriter | None:
    """Return a writer that keeps a file in segments, if fetching it may outlast the invocation.

    None for a file that is fetched from its beginning after an interruption: a small one, or one
    without a stated SHA-256, which would prove that the bytes of two attempts belong together.
    """
    sha256 = find_sha256(file.source_digest)
    is_large = (file.size_bytes or 0) >= SEGMENTED_MIN_BYTES
    if not is_timed() or not is_large or sha256 is None:
        return None
    name = f"file-{file.pk}-{sha256}"
    return SegmentedWriter(get_store(), content_types.BYTES, name, on_kept=note_kept)


def _counted(chunks: Iterable[bytes], done_bytes: int, total_bytes: int | None) -> Iterator[bytes]:
    """Pass chunks on, report progress, and stop a source that sends more than may be kept.

    Raises:
        ContentTooLarge: the content exceeds the limit; some sources state no size in advance.
    """
    limit = settings.REGISTRY_CONTENT_MAX_BYTES
    for chunk in chunks:
        done_bytes += len(chunk)
        if done_bytes > limit:
            raise ContentTooLarge(f"The content has over {limit:,} bytes, the most that is kept.")
        report_progress(done_bytes, total_bytes)
        yield chunk


def _is_kept(file: File) -> bool:
    """Whether a file's bytes are really in the bucket, which a row alone does not prove."""
    if file.blob_id is None:
        return False
    if blob_exists(get_store(), Sha256(file.blob_id)):
        return True
    file.blob = None
    return False


def _adopt_blob(file: File) -> bool:
    """Reuse bytes that the registry already has, if the source states their SHA-256."""
    sha256 = find_sha256(file.source_digest)
    if sha256 is None:
        return False
    blob = Blob.objects.filter(sha256=sha256).first()
    if blob is None or not blob_exists(get_store(), sha256):
        return False
    _keep(file, StoredBlob(sha256=sha256, size_bytes=blob.size_bytes, is_new=False))
    return True


def _keep(file: File, blob: StoredBlob, start: Start | None = None) -> None:
    """Link a file to its blob, with what only the bytes can tell.

    Args:
        start: how its bytes began when they arrived; None if they were here before.
    """
    examine(file, blob, start)
    with writing():
        # In one transaction: `remove_orphans` either waits for it or has already removed the row.
        row, _ = Blob.objects.select_for_update().get_or_create(
            sha256=blob.sha256, defaults={"size_bytes": blob.size_bytes}
        )
        # An update, not a save: the artifact may have been deleted while its bytes arrived.
        File.objects.filter(pk=file.pk).update(
            blob=row,
            size_bytes=blob.size_bytes,
            source_digest=file.source_digest,
            part=file.part,
            fault=file.fault,
        )
    file.blob, file.size_bytes = row, blob.size_bytes


def _build_bundle(revision: Revision) -> None:
    """Build the zip of the whole revision; a revision without files has none."""
    try:
        build_bundle(
            artifact_id=revision.artifact_id, revision=revision.number, part=Part.FULL.value
        )
    except PartNotFound:
        logger.info("bundle.empty", extra={"artifact": revision.artifact_id})


def _set_state(revision: Revision, state: ContentState, reason: str) -> None:
    """Set the content state, and log that the mirror is done."""
    Revision.objects.filter(pk=revision.pk).update(
        content_state=state,
        content_reason=reason,
        size_bytes=revision.size_bytes,
        stored_bytes=revision.stored_bytes,
    )
    logger.info(
        "mirror.done",
        extra={
            "artifact": revision.artifact_id,
            "state": state.value,
            "stored_bytes": revision.stored_bytes,
        },
    )
