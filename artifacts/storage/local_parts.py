"""Objects that clients send to the local store in parts: each is written at its place in one file.

What S3 does with multipart uploads. So joining is giving the file its name, whatever its size.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from artifacts.exceptions import ContentTooLarge, InvalidRequest, ObjectMissing, PartsMismatch
from artifacts.limits import CHUNK_BYTES
from artifacts.storage import links
from artifacts.storage.base import BegunParts, StoredPart, UploadPart, UploadTarget
from artifacts.storage.links import PartLink
from artifacts.storage.local_files import made, translated

if TYPE_CHECKING:
    from artifacts.storage.local import LocalStore

# Beside the objects, on the same disk; the store's listings pass over it.
PARTS_FOLDER = ".parts"
# In the folder of a begun object: its bytes, its key, and an empty file for each part that is
# there, named <number>-<size>-<digest>.
_BYTES, _KEY = "bytes", "key"


class LocalParts:
    """Implements `PartStore`."""

    def __init__(self, store: LocalStore) -> None:
        """Keep parts beside the objects of a store."""
        self._store = store

    def begin(self, key: str) -> str:
        """Make a folder that waits for parts."""
        self._store.path(key)  # An impossible key is refused now.
        upload_id = uuid.uuid4().hex
        folder = self._folder(upload_id)
        with translated(key, is_writing=True):
            made(folder / _KEY, lambda: (folder / _KEY).write_text(key, encoding="utf-8"))
            (folder / _BYTES).touch()
        return upload_id

    def target(
        self,
        key: str,  # noqa: ARG002  (the protocol's; the id says it)
        upload_id: str,
        part: UploadPart,
        *,
        expires_s: int,
    ) -> UploadTarget:
        """Return a signed path of this site that takes exactly this part."""
        return UploadTarget(links.sign_part(upload_id, part, expires_s), "PUT")

    def receive(self, link: PartLink, chunks: Iterable[bytes]) -> None:
        """Take in exactly the bytes that a signed link names.

        They are written aside first: what breaks off, or differs, never touches the object.

        Raises:
            ObjectMissing: the object was joined or aborted since the link was signed.
            ContentTooLarge, InvalidRequest: other bytes arrive.
        """
        folder = self._folder(link.upload_id)
        aside = folder / uuid.uuid4().hex
        try:
            with translated(link.upload_id), aside.open("x+b") as file:
                _write_exactly(file, link, chunks)
                file.seek(0)
                with self._locked(link.upload_id) as whole:
                    for stale in folder.glob(f"{link.number:05}-*"):
                        stale.unlink()
                    whole.seek(link.start)
                    shutil.copyfileobj(file, whole, CHUNK_BYTES)
                    (folder / f"{link.number:05}-{link.size_bytes}-{link.sha256}").touch()
        finally:
            aside.unlink(missing_ok=True)

    def list(self, key: str, upload_id: str) -> list[StoredPart]:
        """Return the parts that arrived."""
        folder = self._folder(upload_id)
        if not (folder / _KEY).exists():
            raise ObjectMissing(key)
        with translated(key):
            names = sorted(path.name for path in folder.glob("?????-*"))
        parts = (name.split("-") for name in names)
        return [StoredPart(int(number), int(size), sha256) for number, size, sha256 in parts]

    def join(self, key: str, upload_id: str, digests: Sequence[str]) -> None:
        """Give the file its name."""
        source, target = self._folder(upload_id) / _BYTES, self._store.path(key)
        try:
            with translated(key), self._locked(upload_id) as whole:
                parts = [(part.number, part.sha256) for part in self.list(key, upload_id)]
                if parts != list(enumerate(digests, 1)):
                    raise PartsMismatch
                os.fsync(whole.fileno())
                made(target, lambda: source.replace(target))
        except ObjectMissing:
            self._store.stat(key)  # Joined at an earlier call, or nothing was ever begun.
        self.abort(key, upload_id)

    def abort(self, key: str, upload_id: str) -> None:
        """Remove the folder."""
        with translated(key), suppress(FileNotFoundError):
            shutil.rmtree(self._folder(upload_id))

    def list_begun(self) -> Iterator[BegunParts]:
        """Walk the folders."""
        for path in sorted((self._store.location / PARTS_FOLDER).glob(f"*/{_KEY}")):
            with suppress(FileNotFoundError):  # joined or aborted since we looked
                begun_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield BegunParts(path.read_text(encoding="utf-8"), path.parent.name, begun_at)

    @contextmanager
    def _locked(self, upload_id: str) -> Iterator[BinaryIO]:
        """Open the file of an object that nobody else changes meanwhile, in whatever process.

        Without the lock a part that is written late would change an object that is joined.

        Raises:
            FileNotFoundError: it was joined or aborted.
        """
        path = self._folder(upload_id) / _BYTES
        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            path.stat()  # It may have been joined while we waited for the lock.
            yield file

    def _folder(self, upload_id: str) -> Path:
        """Return where the parts of an object wait; ids come from rows and signed links."""
        return self._store.location / PARTS_FOLDER / uuid.UUID(upload_id).hex


def _write_exactly(file: BinaryIO, link: PartLink, chunks: Iterable[bytes]) -> None:
    """Write the bytes of a part, which must be those that its link names.

    Raises:
        ContentTooLarge: more arrive.
        InvalidRequest: others, or fewer.
    """
    sha256 = hashlib.sha256()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > link.size_bytes:
            raise ContentTooLarge(f"More than the announced {link.size_bytes} bytes arrive.")
        sha256.update(chunk)
        file.write(chunk)
    if received != link.size_bytes or sha256.hexdigest() != link.sha256:
        raise InvalidRequest(
            f"{received} bytes with the SHA-256 {sha256.hexdigest()} arrived; announced were "
            f"{link.size_bytes} with {link.sha256}. Send the part again."
        )
