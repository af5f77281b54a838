"""A bucket in memory. It passes the protocol test of the real ones."""

import hashlib
import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO, Self

from artifacts.exceptions import ObjectMissing, PartsMismatch
from artifacts.storage.base import (
    BegunParts,
    StoredObject,
    StoredPart,
    UploadPart,
    UploadTarget,
)
from artifacts.storage.store import get_store


def local_store() -> Any:
    """The store of the tests, which keeps files: their places can be asked for."""
    return get_store()


class FakeStore:
    """Implements `ObjectStore`. `objects` and `dates` can be looked at and changed."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.dates: dict[str, datetime] = {}
        self.parts = FakeParts(self)
        self.compares_digests = True
        self.is_here = False

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        # One step of the interpreter: no two threads can both find the key free.
        is_new = self.objects.setdefault(key, data := bytes(bytearray(data))) is data
        self.dates.setdefault(key, datetime.now(UTC))
        return is_new

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        self.objects[key], self.dates[key] = data, datetime.now(UTC)

    def writer(self, content_type: str) -> "FakeWriter":
        return FakeWriter(self, content_type)

    def read(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError as error:
            raise ObjectMissing(key) from error

    def open(self, key: str) -> BinaryIO:
        return io.BytesIO(self.read(key))

    def stat(self, key: str) -> StoredObject:
        return StoredObject(key, len(self.read(key)), self.dates[key])

    def list(self, prefix: str) -> Iterator[StoredObject]:
        for key in sorted(self.objects):
            if key.startswith(prefix):
                yield self.stat(key)

    def copy(self, source: str, key: str) -> bool:
        return self.create(key, self.read(source), "")

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        return self.create(key, b"".join(map(self.read, sources)), content_type)

    def delete(self, keys: Iterable[str]) -> int:
        asked = list(keys)
        for key in asked:
            self.objects.pop(key, None)
        return len(asked)

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: str = "GET"
    ) -> str:
        return f"/content/{key}?filename={filename}&type={content_type}&expires={expires_s}"

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        return UploadTarget(f"/uploads/{key}?size={size_bytes}&sha256={sha256}", "PUT")

    def plain_upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        return self.upload_target(key, size_bytes=size_bytes, sha256=sha256, expires_s=expires_s)

    def probe(self) -> None:
        """Memory always answers."""


class FakeWriter:
    def __init__(self, store: FakeStore, content_type: str) -> None:
        self.store, self.content_type, self.data = store, content_type, bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.data.clear()

    def write(self, chunk: bytes) -> None:
        self.data += chunk

    def commit(self, key: str) -> bool:
        return self.store.create(key, bytes(self.data), self.content_type)


class FakeParts:
    """Implements `PartStore`. `receive` is what a real one's address does."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.begun: dict[str, BegunParts] = {}
        self.arrived: dict[str, dict[int, tuple[str, bytes]]] = {}

    def begin(self, key: str, *, content_type: str = "", states_digests: bool = True) -> str:
        upload_id = uuid.uuid4().hex
        self.begun[upload_id] = BegunParts(key, upload_id, datetime.now(UTC))
        self.arrived[upload_id] = {}
        return upload_id

    def target(self, key: str, upload_id: str, part: UploadPart, *, expires_s: int) -> UploadTarget:
        return UploadTarget(f"{upload_id}/{part.number}/{part.sha256}/{part.size_bytes}", "PUT")

    def receive(self, url: str, data: bytes) -> bool:
        upload_id, number, sha256, size_bytes = url.split("/")
        actual = hashlib.sha256(data).hexdigest()
        is_right = sha256 in ("", actual) and len(data) == int(size_bytes)
        if upload_id not in self.begun or not is_right:
            return False
        self.arrived[upload_id][int(number)] = (actual, data)
        return True

    def list(self, key: str, upload_id: str) -> list[StoredPart]:
        if upload_id not in self.begun:
            raise ObjectMissing(key)
        parts = sorted(self.arrived[upload_id].items())
        return [StoredPart(number, len(data), sha256) for number, (sha256, data) in parts]

    def join(self, key: str, upload_id: str, digests: Sequence[str]) -> None:
        if upload_id not in self.begun:
            self.store.stat(key)
            return
        parts = self.arrived[upload_id]
        sent = [parts.get(number, ("none",))[0] for number in range(1, len(digests) + 1)]
        pairs = zip(sent, digests, strict=True)
        if any(one == "none" or each not in ("", one) for one, each in pairs):
            raise PartsMismatch
        self.store.replace(key, b"".join(data for _, (_, data) in sorted(parts.items())), "")
        self.abort(key, upload_id)

    def abort(self, key: str, upload_id: str) -> None:
        self.begun.pop(upload_id, None)

    def list_begun(self) -> Iterator[BegunParts]:
        yield from list(self.begun.values())
