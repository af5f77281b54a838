"""A repository's files out of one archive, and singly where the archive differs from the tree.

`.gitattributes` can leave files out of archives and change others (export-ignore, export-subst),
and an archive holds symbolic links where the tree has small files with their target.
"""

from __future__ import annotations

import hashlib
import io
import logging
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from django.conf import settings

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import CHUNK_BYTES
from artifacts.sources.base import SourceFile, SourceReference
from artifacts.sources.github import client

# What is set aside stays in memory up to this size.
_IN_MEMORY_MAX_BYTES = 1_000_000

# What the standard library lets through when the headers of an archive are broken on purpose.
_HEADER_FAULTS = (ValueError, OverflowError, RecursionError)

logger = logging.getLogger(__name__)


def fetch_contents(
    reference: SourceReference, commit: str, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
    """Yield each file with its bytes.

    A file whose listed size or digest GitHub itself contradicts twice comes with those that both of
    its other answers, the archive and the single file, agree on.
    """
    prefix = f"{reference.folder}/" if reference.folder else ""
    wanted = {prefix + file.path: file for file in files}
    differing: dict[str, SourceFile] = {}
    if len(wanted) > 1:
        for path, copy in _from_archive(reference.repository, commit, wanted):
            file = wanted[path]
            if file.digest == copy.git_digest:
                yield wanted.pop(path), copy.chunks()
            else:
                differing[path] = replace(
                    file, digest=copy.sha256_digest, size_bytes=copy.size_bytes
                )
    for path, file in wanted.items():
        sha = file.digest.removeprefix("git:")
        archived = differing.get(path)
        if archived is None:
            yield file, client.stream_blob(reference.repository, sha, file.size_bytes)
            continue
        size_bytes = max(file.size_bytes or 0, archived.size_bytes or 0)
        with _Copy(client.stream_blob(reference.repository, sha, None), size_bytes) as copy:
            agreed = copy.git_digest != file.digest and copy.sha256_digest == archived.digest
            if agreed:
                logger.warning(
                    "github.listing_differs",
                    extra={"repository": reference.repository, "path": path},
                )
            yield archived if agreed else file, copy.chunks()


def _from_archive(
    repository: str, commit: str, wanted: dict[str, SourceFile]
) -> Iterator[tuple[str, _Copy]]:
    """Yield what the archive has of the wanted files."""
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
                if file is None or member.size > (file.size_bytes or 0) + _IN_MEMORY_MAX_BYTES:
                    continue  # Unwanted, or far from what was listed: it is not even set aside.
                chunks = _member_chunks(archive, member)
                if chunks is not None:
                    with _Copy(chunks, (file.size_bytes or 0) + _IN_MEMORY_MAX_BYTES) as copy:
                        yield path, copy
    except (tarfile.TarError, EOFError, zlib.error, OSError, *_HEADER_FAULTS) as error:
        raise SourceUnavailable("GitHub sent a broken archive. Try again later.") from error


def _member_chunks(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes] | None:
    """Return what git keeps for a member; None for hard links and devices, which it knows not."""
    if member.issym():
        return iter([member.linkname.encode("utf-8", "surrogateescape")])
    opened = archive.extractfile(member) if member.isreg() else None
    return None if opened is None else iter(partial(opened.read, CHUNK_BYTES), b"")


class _Copy:
    """A file's bytes set aside, on disk if they are many, and hashed on the way.

    Git's digest begins with the size, so bytes can only be judged once all of them are there.
    """

    def __init__(self, chunks: Iterator[bytes], max_bytes: int) -> None:
        """Remember what to read: everything, and no more than can be right."""
        self._source, self._max_bytes = chunks, max_bytes
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_MAX_BYTES)  # noqa: SIM115
        self.size_bytes = 0
        self.sha256_digest = self.git_digest = ""

    def __enter__(self) -> Self:
        """Read, and hash."""
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Remove it."""
        self._file.close()

    def _read(self) -> None:
        """Set the bytes aside."""
        sha256 = hashlib.sha256()
        for chunk in self._source:
            sha256.update(chunk)
            self.size_bytes += len(chunk)
            self._file.write(chunk)
            if self.size_bytes > self._max_bytes:
                break
        self.sha256_digest = f"sha256:{sha256.hexdigest()}"
        git = hashlib.sha1(b"blob %d\0" % self.size_bytes, usedforsecurity=False)
        for chunk in self.chunks():
            git.update(chunk)
        self.git_digest = f"git:{git.hexdigest()}"

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the start."""
        self._file.seek(0)
        return iter(partial(self._file.read, CHUNK_BYTES), b"")


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
