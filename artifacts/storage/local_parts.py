"""Objects that clients send to the local store in parts, which are written into one file.

They correspond to S3's multipart uploads. Joining only renames the file, whatever its size.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from artifacts.exceptions import ObjectMissing, PartsMismatch
from artifacts.limits import CHUNK_BYTES
from artifacts.storage import content_types, links
from artifacts.storage.announced import write_exactly
from artifacts.storage.base import BegunParts, StoredObject, StoredPart, UploadPart, UploadTarget
from artifacts.storage.links import PartLink
from artifacts.storage.local_files import made, translated

# Lies beside the objects, on the same disk; the store's listings skip it.
PARTS_FOLDER = ".parts"
# The folder of a begun object contains its bytes, its key, and for each part that arrived an empty
# file named <number>-<size>-<digest>.
_BYTES, _KEY = "bytes", "key"


class _Folder(Protocol):
    """The store whose parts these are."""

    @property
    def location(self) -> Path:
        """The folder of the objects."""
        ...

    def path(self, key: str) -> Path:
        """Return the path that an object has or will have."""
        ...

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        ...


class LocalParts:
    """Implements `PartStore`."""

    def __init__(self, store: _Folder) -> None:
        """Keep parts beside the objects of a store."""
        self._store = store

    def begin(
        self,
        key: str,
        *,
        content_type: str = content_types.ZIP,  # noqa: ARG002  (files have none)
        states_digests: bool = True,  # noqa: ARG002  (each link says it)
    ) -> str:
        """Make a folder for the parts."""
        self._store.path(key)  # Refuses an impossible key now.
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
        """Return a signed path of this site that accepts exactly this part."""
        return UploadTarget(links.sign_part(upload_id, part, expires_s), "PUT")

    def receive(self, link: PartLink, chunks: Iterable[bytes]) -> str:
        """Receive exactly the bytes that a signed link states, and return their SHA-256.

        They go to a temporary file first, so that interrupted or wrong ones never reach the object.

        Raises:
            ObjectMissing: the object was joined or aborted after the link was signed.
            ContentTooLarge, InvalidRequest: other bytes arrive.
        """
        folder = self._folder(link.upload_id)
        aside = folder / uuid.uuid4().hex
        try:
            with translated(link.upload_id), aside.open("x+b") as file:
                sha256 = write_exactly(file, link, chunks, "part")
                file.seek(0)
                with self._locked(link.upload_id) as whole:
                    for stale in folder.glob(f"{link.number:05}-*"):
                        stale.unlink()
                    whole.seek(link.start)
                    shutil.copyfileobj(file, whole, CHUNK_BYTES)
                    (folder / f"{link.number:05}-{link.size_bytes}-{sha256}").touch()
        finally:
            aside.unlink(missing_ok=True)
        return sha256

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
                sent = self.list(key, upload_id)
                numbers = [part.number for part in sent]
                if numbers != list(range(1, len(digests) + 1)) or any(
                    digest not in ("", part.sha256)
                    for digest, part in zip(digests, sent, strict=True)
                ):
                    raise PartsMismatch
                os.fsync(whole.fileno())
                made(target, lambda: source.replace(target))
        except ObjectMissing:
            self._store.stat(key)  # An earlier call joined it, or it was never begun.
        self.abort(key, upload_id)

    def abort(self, key: str, upload_id: str) -> None:
        """Remove the folder."""
        with translated(key), suppress(FileNotFoundError):
            shutil.rmtree(self._folder(upload_id))

    def list_begun(self) -> Iterator[BegunParts]:
        """Yield one entry per folder."""
        for path in sorted((self._store.location / PARTS_FOLDER).glob(f"*/{_KEY}")):
            with suppress(FileNotFoundError):  # joined or aborted meanwhile
                begun_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield BegunParts(path.read_text(encoding="utf-8"), path.parent.name, begun_at)

    @contextmanager
    def _locked(self, upload_id: str) -> Iterator[BinaryIO]:
        """Open the file of a begun object, locked against all other processes.

        Without the lock, a part that arrives late could change an object after it was joined.

        Raises:
            FileNotFoundError: the object was joined or aborted.
        """
        path = self._folder(upload_id) / _BYTES
        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            path.stat()  # The object may have been joined while we waited for the lock.
            yield file

    def _folder(self, upload_id: str) -> Path:
        """Return the folder of a begun object; ids come from rows and signed links."""
        return self._store.location / PARTS_FOLDER / uuid.UUID(upload_id).hex
