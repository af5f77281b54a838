"""Fetching the bytes of a revision, file by file, so that the artifact outlives its source."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from django.conf import settings

from artifacts.enums import AuditAction, ContentState, Part
from artifacts.exceptions import (
    ArchiveRefused,
    ArtifactNotFound,
    ContentTooLarge,
    PartNotFound,
    SourceRefused,
    TooMuchToRead,
)
from artifacts.limits import SEGMENTED_MIN_BYTES, SMALL_CONTENT_MAX_BYTES
from artifacts.models import Artifact, Blob, File, Revision, User
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.text import storable
from artifacts.services import tasks
from artifacts.services.audit import record_audit
from artifacts.services.bundles import build_bundle
from artifacts.services.leases import check_time, is_timed, note_kept, report_progress
from artifacts.services.records import store_record
from artifacts.services.revisions import reference_of, source_file_of
from artifacts.services.transactions import ADMINISTRATOR, RestsOn, writing
from artifacts.sources.base import SourceFile
from artifacts.sources.catalogue import get_source
from artifacts.storage.blobs import CONTENT_TYPE, StoredBlob, blob_exists, store_blob
from artifacts.storage.keys import blob_key
from artifacts.storage.segments import SegmentedWriter
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)


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
    if revision.content_state == ContentState.PENDING:
        reason = _reason_to_leave_out(revision.size_bytes)
        if reason:
            _set_state(revision, ContentState.LINK_ONLY, reason)
        else:
            _fetch_missing(revision)
            _build_bundle(revision)
            _set_state(revision, ContentState.STORED, "")
            if settings.REGISTRY_DEMONSTRATION_PYTHON:
                tasks.schedule("demonstrate_model", artifact_id=revision.artifact_id)
    store_record(revision.artifact_id)


def give_up_mirror(*, artifact_id: str, reason: str, revision_id: int) -> None:
    """Keep with a revision why its bytes could not be fetched."""
    Revision.objects.filter(id=revision_id, content_state=ContentState.PENDING).update(
        content_state=ContentState.FAILED, content_reason=storable(reason)
    )
    store_record(artifact_id)
    logger.warning("mirror.failed", extra={"artifact": artifact_id, "reason": reason})


def mirror_again(*, artifact_id: str, user: User) -> None:
    """Have the current revision's bytes looked through and fetched again where they are missing.

    Raises:
        ArtifactNotFound: there is no such artifact.
        AuthenticationFailed, PermissionMissing: the user went, or administers no more.
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
        tasks.schedule(
            "mirror_revision",
            artifact_id=artifact.id,
            arguments={"revision_id": artifact.current_revision_id},
        )


def _reason_to_leave_out(size_bytes: int | None) -> str:
    """Say why content of this size is not mirrored; "" when it is."""
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
    """Fetch each file that has no blob, and keep how far we are."""
    files = {file.path: file for file in revision.files.all()}
    stored_bytes = 0
    missing: list[SourceFile] = []
    begun: dict[str, SegmentedWriter] = {}
    for file in files.values():
        check_time()
        if _is_kept(file) or _adopt_blob(file):
            stored_bytes += file.size_bytes or 0
            continue
        wanted = source_file_of(file)
        writer = _segmented_writer(file)
        if writer is not None:
            begun[file.path], wanted = writer, replace(wanted, start=writer.kept_bytes)
        missing.append(wanted)
    source = get_source(revision.source_kind)
    contents = source.fetch_contents(reference_of(revision), revision.commit, missing)
    for source_file, chunks in contents if missing else ():
        file = files[source_file.path]
        file.source_digest = source_file.digest
        writer = begun.get(file.path)
        whole = chain(writer.kept_chunks(), chunks) if writer else chunks
        blob = store_blob(
            writer or get_store().writer(CONTENT_TYPE),
            _counted(whole, stored_bytes, revision.size_bytes),
            size_bytes=source_file.size_bytes,
            digest=source_file.digest,
        )
        _keep(file, blob)
        note_kept()
        stored_bytes += blob.size_bytes
    unfetched = [path for path, file in files.items() if file.blob_id is None]
    if unfetched:
        raise SourceRefused(
            f"The source no longer gives {len(unfetched)} of {len(files)} files, "
            f"such as {unfetched[0]!r}. Replace the artifact to take what the source has now."
        )
    revision.stored_bytes = stored_bytes


def _segmented_writer(file: File) -> SegmentedWriter | None:
    """Return what keeps a file piece by piece, where it may take longer than there is time.

    None for a file that is begun anew after a break: a small one, or one whose source states no
    SHA-256 that would tell whether the bytes of two attempts belong together.
    """
    algorithm, _, sha256 = file.source_digest.partition(":")
    is_large = (file.size_bytes or 0) >= SEGMENTED_MIN_BYTES
    if not is_timed() or not is_large or algorithm != "sha256":
        return None
    name = f"file-{file.pk}-{sha256}"
    return SegmentedWriter(get_store(), CONTENT_TYPE, name, on_kept=note_kept)


def _counted(chunks: Iterable[bytes], done_bytes: int, total_bytes: int | None) -> Iterator[bytes]:
    """Pass chunks on, show progress, and stop a source that sends more than may be kept.

    Raises:
        ContentTooLarge: the content passes the limit; some sources state no size in advance.
    """
    limit = settings.REGISTRY_CONTENT_MAX_BYTES
    for chunk in chunks:
        done_bytes += len(chunk)
        if done_bytes > limit:
            raise ContentTooLarge(f"The content has over {limit:,} bytes, the most that is kept.")
        report_progress(done_bytes, total_bytes)
        yield chunk


def _is_kept(file: File) -> bool:
    """Whether a file's bytes are really in the bucket; a row alone is no proof."""
    if file.blob_id is None:
        return False
    if blob_exists(get_store(), file.blob_id):
        return True
    file.blob = None
    return False


def _adopt_blob(file: File) -> bool:
    """Use bytes that the registry has already, when the source states their SHA-256."""
    algorithm, _, sha256 = file.source_digest.partition(":")
    if algorithm != "sha256":
        return False
    blob = Blob.objects.filter(sha256=sha256).first()
    if blob is None or not blob_exists(get_store(), sha256):
        return False
    _keep(file, StoredBlob(sha256=sha256, size_bytes=blob.size_bytes, is_new=False))
    return True


def _keep(file: File, blob: StoredBlob) -> None:
    """Link a file to its blob, once what only the bytes can tell has been checked.

    Raises:
        SourceRefused: the bytes are what the source promised, but broken.
    """
    if file.path.endswith(".safetensors"):
        with get_store().open(blob_key(blob.sha256)) as opened:
            try:
                check_header(opened, blob.size_bytes)
            except ArchiveRefused as error:
                raise SourceRefused(f"{file.path}: {error.message}") from error
            except TooMuchToRead as error:
                # No fault that was found, and none that was looked for: the bytes are kept.
                logger.warning("weights.unread", extra={"file": file.pk, "reason": error.message})
    with writing():
        # Within one transaction: `remove_orphans` waits for it, or has removed the row before.
        row, _ = Blob.objects.select_for_update().get_or_create(
            sha256=blob.sha256, defaults={"size_bytes": blob.size_bytes}
        )
        # An update, not a save: the artifact may have been deleted while its bytes arrived.
        File.objects.filter(pk=file.pk).update(
            blob=row, size_bytes=blob.size_bytes, source_digest=file.source_digest
        )
    file.blob, file.size_bytes = row, blob.size_bytes


def _build_bundle(revision: Revision) -> None:
    """Make the zip of the whole revision; a revision without files has none."""
    try:
        build_bundle(
            artifact_id=revision.artifact_id, revision=revision.number, part=Part.FULL.value
        )
    except PartNotFound:
        logger.info("bundle.empty", extra={"artifact": revision.artifact_id})


def _set_state(revision: Revision, state: ContentState, reason: str) -> None:
    """Move the content state on."""
    Revision.objects.filter(pk=revision.pk).update(
        content_state=state, content_reason=reason, stored_bytes=revision.stored_bytes
    )
    logger.info(
        "mirror.done",
        extra={
            "artifact": revision.artifact_id,
            "state": state.value,
            "stored_bytes": revision.stored_bytes,
        },
    )
