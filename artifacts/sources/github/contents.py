"""A repository's files out of one archive, and singly where the archive differs from the tree.

`.gitattributes` can leave files out of archives and change others (export-ignore, export-subst), and
an archive holds symbolic links where the tree has small files.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator, Sequence

from django.conf import settings

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import CHUNK_BYTES
from artifacts.sources.base import SourceFile, SourceReference
from artifacts.sources.github import client

# Files up to this size are compared with the tree before they are handed on; what export-subst
# changes is source text, which is never larger.
_COMPARED_MAX_BYTES = 1_000_000


def fetch_contents(
    reference: SourceReference, commit: str, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
    """Yield each file with its bytes."""
    prefix = f"{reference.folder}/" if reference.folder else ""
    wanted = {prefix + file.path: file for file in files}
    if len(wanted) > 1:
        for path, file, chunks in _from_archive(reference.repository, commit, wanted):
            del wanted[path]
            yield file, chunks
    for file in list(wanted.values()):
        sha = file.digest.removeprefix("git:")
        yield file, client.stream_blob(reference.repository, sha, file.size_bytes)


def _from_archive(
    repository: str, commit: str, wanted: dict[str, SourceFile]
) -> Iterator[tuple[str, SourceFile, Iterator[bytes]]]:
    """Yield what the archive has of the wanted files, unchanged."""
    reader = _Reader(client.stream_archive(repository, commit))
    try:
        with tarfile.open(fileobj=reader, mode="r|gz") as archive:
            seen_bytes = 0
            for member in archive:
                seen_bytes += member.size
                if seen_bytes > settings.REGISTRY_CONTENT_MAX_BYTES:
                    # A few kB of gzip can stand for terabytes.
                    raise SourceRefused("The repository's archive is larger than may be kept.")
                path = member.name.partition("/")[2]
                file = wanted.get(path)
                if file is None or not member.isreg() or member.size != file.size_bytes:
                    continue
                opened = archive.extractfile(member)
                if opened is None:
                    continue
                if member.size > _COMPARED_MAX_BYTES:
                    yield path, file, iter(lambda: opened.read(CHUNK_BYTES), b"")
                    continue
                data = opened.read()
                if file.digest == f"git:{git_blob_sha1(data)}":
                    yield path, file, iter([data])
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise SourceUnavailable("GitHub sent a broken archive. Try again later.") from error


def git_blob_sha1(data: bytes) -> str:
    """Return how git names a file's bytes (git documentation, "Git Objects")."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class _Reader(io.RawIOBase):
    """Chunks as a file that `tarfile` can read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Begin with nothing."""
        self._chunks = chunks
        self._waiting = b""

    def readable(self) -> bool:
        """Say so to `tarfile`."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes, fewer only at the end."""
        parts: list[bytes] = []
        while size < 0 or size > 0:
            if not self._waiting:
                self._waiting = next(self._chunks, b"")
                if not self._waiting:
                    break
            part = self._waiting if size < 0 else self._waiting[:size]
            self._waiting = self._waiting[len(part) :]
            parts.append(part)
            size = size if size < 0 else size - len(part)
        return b"".join(parts)
