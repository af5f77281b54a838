"""The bucket as a folder of files."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from artifacts.exceptions import ObjectMissing
from artifacts.limits import CHUNK_BYTES
from artifacts.storage import content_types, links
from artifacts.storage.base import ObjectWriter, Reading, StoredObject, UploadTarget
from artifacts.storage.keys import INCOMING_PREFIX
from artifacts.storage.local_files import made, translate, translated
from artifacts.storage.local_parts import PARTS_FOLDER, LocalParts

# Keys come from `storage.keys`, but some contain ids from URLs: none may lead out of the folder.
_FORBIDDEN_SEGMENTS = ("", ".", "..", PARTS_FOLDER)


class LocalStore:
    """Implements `ObjectStore`. An object is a file whose path is the key."""

    def __init__(self, location: str | Path) -> None:
        """Remember the folder; the first write makes it."""
        self.location = Path(location)
        self.parts = LocalParts(self)

    @property
    def compares_digests(self) -> bool:
        """Return True: the views that receive uploads compare digests."""
        return True

    @property
    def is_here(self) -> bool:
        """Return True: links lead to views of this site."""
        return True

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; return True if this call wrote it."""
        with self.writer(content_type) as writer:
            writer.write(data)
            return writer.commit(key)

    def replace(self, key: str, data: bytes, content_type: str) -> None:  # noqa: ARG002  (likewise)
        """Write an object over any older one."""
        with LocalWriter(self) as writer:
            writer.write(data)
            writer.move_over(key)

    def writer(self, content_type: str) -> ObjectWriter:  # noqa: ARG002  (files have no type)
        """Begin a large object."""
        return LocalWriter(self)

    def read(self, key: str) -> bytes:
        """Return all bytes of a small object."""
        with translated(key):
            return self.path(key).read_bytes()

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking."""
        with translated(key):
            return self.path(key).open("rb")

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        with translated(key):
            path = self.path(key)
            found = path.stat()
            if path.is_dir():
                raise ObjectMissing(key)
        return _described(key, found)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys have this prefix, ordered by key."""
        folder, _, start = prefix.rpartition("/")
        if folder and any(segment in _FORBIDDEN_SEGMENTS for segment in folder.split("/")):
            return  # It would lead out of the folder, or is a prefix of no key.
        base = self.location / folder
        yield from self._walk(base, f"{folder}/" if folder else "", start)

    def _walk(self, folder: Path, prefix: str, start: str) -> Iterator[StoredObject]:
        """Walk a folder, holding one folder's names per level in memory."""
        try:
            with os.scandir(folder) as entries:
                # A folder sorts with a slash after its name, as its keys do: `a-b` before `a/`.
                found = sorted(
                    (entry.name + ("/" if entry.is_dir() else ""), entry)
                    for entry in entries
                    if entry.name.startswith(start) and entry.name != PARTS_FOLDER
                )
        except (FileNotFoundError, NotADirectoryError):
            return  # Nothing was written there yet, or it was just removed.
        except OSError as error:
            raise translate(error, str(folder)) from error
        for name, entry in found:
            if name.endswith("/"):
                yield from self._walk(folder / entry.name, prefix + name, "")
                continue
            with suppress(FileNotFoundError):  # removed meanwhile
                yield _described(prefix + name, entry.stat())

    def copy(self, source: str, key: str) -> bool:
        """Link an object to a second key unless that is taken; objects never change."""
        target = self.path(key)
        with translated(source):
            try:
                made(target, lambda: os.link(self.path(source), target))
            except FileExistsError:
                return False
        return True

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        """Concatenate objects into a new one, unless the key is taken."""
        with self.writer(content_type) as writer:
            for source in sources:
                with self.open(source) as file:
                    while chunk := file.read(CHUNK_BYTES):
                        writer.write(chunk)
            return writer.commit(key)

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects and the folders that become empty."""
        count = 0
        for key in keys:
            count += 1
            path = self.path(key)
            with translated(key):
                path.unlink(missing_ok=True)
            self._prune(path.parent)
        return count

    def _prune(self, folder: Path) -> None:
        """Remove empty folders upwards; another process may be writing into them meanwhile."""
        while folder != self.location and self.location in folder.parents:
            try:
                folder.rmdir()
            except OSError:
                return  # The folder is not empty, or already gone.
            folder = folder.parent

    def download_url(
        self,
        key: str,
        *,
        filename: str,
        content_type: str,
        expires_s: int,
        method: Reading = "GET",  # noqa: ARG002  (the view answers HEAD as well)
    ) -> str:
        """Return a signed path of this site."""
        return links.sign_download(key, filename, content_type, expires_s)

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return a signed path of this site that accepts exactly these bytes."""
        return UploadTarget(links.sign_upload(key, size_bytes, sha256, expires_s), "PUT")

    def plain_upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return the same path, which needs no headers."""
        return self.upload_target(key, size_bytes=size_bytes, sha256=sha256, expires_s=expires_s)

    def probe(self) -> None:
        """Check that the folder is writable."""
        key = f"{INCOMING_PREFIX}probe-{uuid.uuid4().hex}"
        self.replace(key, b"probe", content_types.TEXT)
        self.delete([key])

    def path(self, key: str) -> Path:
        """Return the path of an object.

        Raises:
            ObjectMissing: the key would lead out of the folder, so nothing can be there.
        """
        if any(segment in _FORBIDDEN_SEGMENTS for segment in key.split("/")) or "\x00" in key:
            raise ObjectMissing(key)
        return self.location / key


class LocalWriter:
    """Writes a temporary file, flushes it to disk, then gives it its name in one step."""

    def __init__(self, store: LocalStore) -> None:
        """Choose the temporary path; nothing is written yet."""
        self._store = store
        self._path = store.path(f"{INCOMING_PREFIX}{uuid.uuid4().hex}")
        self._file: BinaryIO | None = None

    def __enter__(self) -> LocalWriter:  # noqa: PYI034  (the protocol's type)
        """Make the temporary file."""
        with translated(self._path.name, is_writing=True):
            self._file = made(self._path, lambda: self._path.open("xb"))
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the temporary name; after a commit the object is a second link to the file."""
        if self._file is not None:
            # Closing flushes what is left in memory, which fails on a full disk.
            with suppress(OSError):
                self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Append a chunk."""
        with translated(self._path.name, is_writing=True):
            self._opened.write(chunk)

    def commit(self, key: str) -> bool:
        """Give the file its name, unless that is taken: a hard link never replaces a file."""
        self._flush()
        target = self._store.path(key)
        with translated(key, is_writing=True):
            try:
                made(target, lambda: os.link(self._path, target))
            except FileExistsError:
                return False
        return True

    def move_over(self, key: str) -> None:
        """Give the file its name, replacing any file that has it."""
        self._flush()
        target = self._store.path(key)
        with translated(key, is_writing=True):
            made(target, lambda: self._path.replace(target))

    def _flush(self) -> None:
        """Make sure that the bytes are on disk before their name is."""
        with translated(self._path.name, is_writing=True):
            self._opened.flush()
            os.fsync(self._opened.fileno())

    @property
    def _opened(self) -> BinaryIO:
        """The file that `with` has opened."""
        if self._file is None:
            raise ValueError("Use the writer in a `with` statement.")
        return self._file


def _described(key: str, found: os.stat_result) -> StoredObject:
    """Return a file as a stored object."""
    return StoredObject(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
