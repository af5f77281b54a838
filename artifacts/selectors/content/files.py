"""What is shown of an artifact's files."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Subquery, Sum

from artifacts.database.first_rows import FirstRows
from artifacts.enums import DOWNLOAD_PARTS, ContentState, Part
from artifacts.limits import DIGESTS_COPIED_MAX, FILES_SHOWN_MAX
from artifacts.models import File, Revision
from artifacts.rules.listing_notes import describe_notes
from artifacts.rules.paging import cut_page, read_key


@dataclass(frozen=True)
class FileLine:
    """A file of a revision.

    Attributes:
        size_bytes: None for unknown.
        digest: that of the bytes that are kept; else as the source states it, "" for none.
        is_kept: whether its bytes are here.
        fault: what is wrong with its content, in a sentence; "" for nothing.
    """

    file_id: int
    path: str
    part: str
    size_bytes: int | None
    digest: str
    is_kept: bool
    fault: str


@dataclass(frozen=True)
class PartSum:
    """The files of one part together.

    Attributes:
        size_bytes: None where the size of one is unknown.
        has_bundle: whether they can be downloaded as a zip of their own.
    """

    part: str
    files: int
    size_bytes: int | None
    has_bundle: bool


@dataclass(frozen=True)
class Files:
    """The files of an artifact's current revision.

    Attributes:
        revision_id: None while the source has not answered.
        content_state: how far the bytes are kept, "" while the source has not answered.
        content_reason: why they are not, or what is wrong with some; "" otherwise.
        has_bundle: whether all can be downloaded as one zip.
        notes: what is not kept as the source has it, in sentences.
        next_offset: where the next page begins, None after the last.
    """

    artifact_id: str
    revision_id: int | None
    content_state: str
    content_reason: str
    has_bundle: bool
    size_bytes: int | None
    parts: tuple[PartSum, ...]
    lines: FirstRows[FileLine]
    notes: tuple[str, ...] = ()
    next_offset: str | None = None


def get_files(artifact_id: str, revision: Revision | None, offset: str | None = None) -> Files:
    """Return what is shown of a revision's files, in two queries.

    Args:
        offset: where the page before ended; None for the first.

    Raises:
        InvalidOffset: the offset was not given out by us.
    """
    if revision is None:
        return Files(artifact_id, None, "", "", False, None, (), FirstRows())
    is_stored = revision.content_state == ContentState.STORED
    parts = sum_parts(revision)
    files = File.objects.filter(revision=revision).order_by("path")
    if offset is not None:
        # By its row, since paths may be longer than an address; a row that is gone ends the list.
        (last,) = read_key(offset, int)
        files = files.filter(path__gt=Subquery(files.filter(pk=last).order_by().values("path")))
    found = cut_page(list(files[: FILES_SHOWN_MAX + 1]), FILES_SHOWN_MAX, lambda file: (file.pk,))
    return Files(
        artifact_id=artifact_id,
        revision_id=revision.pk,
        content_state=revision.content_state,
        content_reason=revision.content_reason,
        has_bundle=is_stored and bool(parts),
        size_bytes=revision.size_bytes,
        parts=parts,
        lines=FirstRows(tuple(map(_show, found.rows)), sum(each.files for each in parts)),
        notes=describe_notes(revision.facts),
        next_offset=found.next_offset,
    )


def sum_parts(revision: Revision) -> tuple[PartSum, ...]:
    """Return the parts that there are, in the order of their list."""
    is_stored = revision.content_state == ContentState.STORED
    rows = File.objects.filter(revision=revision).order_by().values_list("part")
    found = {
        part: (files, size_bytes if sized == files else None)
        for part, files, sized, size_bytes in rows.annotate(
            Count("pk"), Count("size_bytes"), Sum("size_bytes")
        )
    }
    return tuple(
        PartSum(part, *found[part], has_bundle=is_stored and part in DOWNLOAD_PARTS)
        for part in Part
        if part in found
    )


def _show(file: File) -> FileLine:
    """Return what is shown of a file."""
    return FileLine(
        file_id=file.pk,
        path=file.path,
        part=file.part,
        size_bytes=file.size_bytes,
        digest=f"sha256:{file.blob_id}" if file.blob_id else file.source_digest,
        is_kept=file.blob_id is not None,
        fault=file.fault,
    )


def list_largest_files(revision: Revision, part: str) -> tuple[tuple[str, str], ...]:
    """Return path and SHA-256 of the largest files of a part that are kept."""
    found = File.objects.filter(revision=revision, blob__isnull=False)
    if part != Part.FULL:
        found = found.filter(part=part)
    rows = found.order_by("-size_bytes", "path").values_list("path", "blob_id")
    return tuple((path, str(sha256)) for path, sha256 in rows[:DIGESTS_COPIED_MAX])
