"""Fetching a repository's files from one archive, and singly those that differ from the tree.

`.gitattributes` can leave files out of archives and change others (export-ignore, export-subst),
and an archive contains symbolic links where the tree has small files with their target.
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
from artifacts.rules.digest import Algorithm, Digest, hash_git_blob, parse_digest
from artifacts.rules.lfs import may_be_pointer
from artifacts.sources.base import SourceFile, SourceReference
from artifacts.sources.github import client
from artifacts.sources.github.lfs import FoundPointer, fetch_objects, read_pointer

# Copies up to this size stay in memory.
_IN_MEMORY_MAX_BYTES = 1_000_000

# Exceptions that `tarfile` does not translate when an archive's headers are broken on purpose.
_HEADER_FAULTS = (ValueError, OverflowError, RecursionError)

logger = logging.getLogger(__name__)


def fetch_contents(
    reference: SourceReference, commit: str, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
    """Yield each file with its bytes, in place of Git LFS pointers what they stand for.

    If the archive and the single file agree with each other but not with the listed size or digest,
    the file comes with the size and digest that they agree on; likewise a file of Git LFS with
    those of its pointer. A pointer whose object GitHub does not give comes as it is.
    """
    pointers: list[FoundPointer] = []
    for file, chunks in _fetch_listed(reference, commit, files):
        found = read_pointer(file, chunks) if may_be_pointer(file.size_bytes) else chunks
        if isinstance(found, FoundPointer):
            pointers.append(found)
        else:
            yield file, found
    others_bytes = sum(file.size_bytes or 0 for file in files)
    yield from fetch_objects(reference.repository, pointers, others_bytes)


def _fetch_listed(
    reference: SourceReference, commit: str, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
    """Yield each file with its bytes as git has them."""
    prefix = f"{reference.folder}/" if reference.folder else ""
    wanted = {prefix + file.listed_path: file for file in files}
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
        stated = parse_digest(file.digest)
        sha = stated.digits if stated else ""
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
    """Yield those of the wanted files that the archive contains."""
    reader = _Reader(client.stream_archive(repository, commit))
    try:
        with tarfile.open(fileobj=reader, mode="r|gz") as archive:
            seen_bytes = 0
            for member in archive:
                seen_bytes += member.size
                if seen_bytes > settings.REGISTRY_CONTENT_MAX_BYTES:
                    # A few kB of gzip can unpack to terabytes.
                    raise SourceRefused("The repository's archive is larger than may be kept.")
                path = member.name.partition("/")[2]
                file = wanted.get(path)
                if file is None or member.size > (file.size_bytes or 0) + _IN_MEMORY_MAX_BYTES:
                    continue  # Unwanted, or far from the listed size: not worth copying.
                chunks = _member_chunks(archive, member)
                if chunks is not None:
                    with _Copy(chunks, (file.size_bytes or 0) + _IN_MEMORY_MAX_BYTES) as copy:
                        yield path, copy
    except (tarfile.TarError, EOFError, zlib.error, OSError, *_HEADER_FAULTS) as error:
        raise SourceUnavailable("GitHub sent a broken archive. Try again later.") from error


def _member_chunks(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes] | None:
    """Return what git stores for a member; None for hard links and devices, which git lacks."""
    if member.issym():
        return iter([member.linkname.encode("utf-8", "surrogateescape")])
    opened = archive.extractfile(member) if member.isreg() else None
    return None if opened is None else iter(partial(opened.read, CHUNK_BYTES), b"")


class _Copy:
    """A hashed copy of a file's bytes, on disk if it is large.

    Git's digest begins with the size, so bytes can only be judged once all of them are there.
    """

    def __init__(self, chunks: Iterator[bytes], max_bytes: int) -> None:
        """Remember what to read, and the largest size that can be right."""
        self._source, self._max_bytes = chunks, max_bytes
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_MAX_BYTES)  # noqa: SIM115
        self.size_bytes = 0
        self.sha256_digest = self.git_digest = ""

    def __enter__(self) -> Self:
        """Read and hash the bytes."""
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the copy."""
        self._file.close()

    def _read(self) -> None:
        """Copy the bytes."""
        sha256 = hashlib.sha256()
        for chunk in self._source:
            sha256.update(chunk)
            self.size_bytes += len(chunk)
            self._file.write(chunk)
            if self.size_bytes > self._max_bytes:
                break
        self.sha256_digest = str(Digest(Algorithm.SHA256, sha256.hexdigest()))
        git = hash_git_blob(self.size_bytes)
        for chunk in self.chunks():
            git.update(chunk)
        self.git_digest = str(Digest(Algorithm.GIT, git.hexdigest()))

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes from the start."""
        self._file.seek(0)
        return iter(partial(self._file.read, CHUNK_BYTES), b"")


class _Reader(io.RawIOBase):
    """Chunks as a file that `tarfile` can read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        """Begin with nothing read."""
        self._chunks = chunks
        self._waiting = b""

    def readable(self) -> bool:
        """Return True, for `tarfile`."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return `size` bytes, fewer only at the end."""
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
