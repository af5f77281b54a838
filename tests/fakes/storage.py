"""A bucket in memory. It passes the protocol test of the real ones."""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, Self

from artifacts.exceptions import ObjectMissing
from artifacts.storage.base import StoredObject, UploadTarget


class FakeStore:
    """Implements `ObjectStore`. `objects` and `dates` can be looked at and changed."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.dates: dict[str, datetime] = {}

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

    def delete(self, keys: Iterable[str]) -> int:
        asked = list(keys)
        for key in asked:
            self.objects.pop(key, None)
        return len(asked)

    def download_url(self, key: str, *, filename: str, content_type: str, expires_s: int) -> str:
        return f"/content/{key}?filename={filename}&type={content_type}&expires={expires_s}"

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        return UploadTarget(f"/uploads/{key}?size={size_bytes}&sha256={sha256}", "PUT")

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
