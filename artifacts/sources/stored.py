"""Turning rows of registered artifacts back into what their sources understand."""

from __future__ import annotations

from artifacts.enums import Part, SourceKind
from artifacts.models import File, Revision
from artifacts.rules.listing_notes import find_own_name
from artifacts.sources.base import SourceFile, SourceReference


def get_reference(revision: Revision) -> SourceReference:
    """Return the reference by which a revision's source is asked again."""
    return SourceReference(
        kind=SourceKind(revision.source_kind),
        repository=revision.repository,
        name="",
        url=revision.url,
        ref=revision.ref,
        folder=revision.folder,
    )


def get_source_file(file: File) -> SourceFile:
    """Return a stored file as its source listed it."""
    return SourceFile(
        path=file.path,
        size_bytes=file.size_bytes,
        digest=file.source_digest,
        part=Part(file.part),
        source_path=find_own_name(file.revision.facts, file.path),
    )
