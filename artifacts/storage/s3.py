"""The bucket on S3, through the client that django-storages configures."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.utils.http import content_disposition_header

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import CHUNK_BYTES, DELETE_BATCH_KEYS
from artifacts.storage.base import ObjectWriter, StoredObject, UploadTarget
from artifacts.storage.s3_errors import TAKEN, code_of, translate, translated
from artifacts.storage.s3_writer import S3Writer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage


class S3Store:
    """Implements `ObjectStore`."""

    def __init__(self, storage: S3Storage) -> None:
        """Use the bucket and the client of a django-storages storage."""
        self.bucket: str = storage.bucket_name
        # One client for all threads, which it is safe for; making one takes a quarter of a second.
        self.client: S3Client = storage.connection.meta.client

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; True when this call wrote it."""
        try:
            self.client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type, IfNoneMatch="*"
            )
        except (ClientError, BotoCoreError) as error:
            if code_of(error) in TAKEN:
                return False
            raise translate(error, key) from error
        return True

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object, whatever was there."""
        with translated(key):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)

    def writer(self, content_type: str) -> ObjectWriter:
        """Begin a large object."""
        return S3Writer(self, content_type)

    def read(self, key: str) -> bytes:
        """Return a small object whole."""
        with translated(key):
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking."""
        raw = _RangeReader(self, key, self.stat(key).size_bytes)
        return cast("BinaryIO", io.BufferedReader(raw, CHUNK_BYTES))

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`."""
        with translated(key):
            answer = self.client.get_object(
                Bucket=self.bucket, Key=key, Range=f"bytes={start}-{end - 1}"
            )
            return answer["Body"].read()

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        with translated(key):
            found = self.client.head_object(Bucket=self.bucket, Key=key)
        return StoredObject(key, found["ContentLength"], found["LastModified"])

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Walk the objects whose keys start so, in the order of their keys, page by page."""
        with translated(prefix):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for page in pages:
                for found in page.get("Contents", []):
                    yield StoredObject(found["Key"], found["Size"], found["LastModified"])

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects in batches."""
        count, walk = 0, iter(keys)
        while batch := list(islice(walk, DELETE_BATCH_KEYS)):
            with translated(batch[0]):
                answer = self.client.delete_objects(
                    Bucket=self.bucket,
                    Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True},
                )
            if answer.get("Errors"):
                raise StorageUnavailable(
                    f"The bucket refused to delete {len(answer['Errors'])} objects. Check the "
                    "registry's rights there."
                )
            count += len(batch)
        return count

    def download_url(self, key: str, *, filename: str, content_type: str, expires_s: int) -> str:
        """Return a presigned address; file name and type are part of what is signed."""
        with translated(key):
            return self.client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": key,
                    "ResponseContentDisposition": content_disposition_header(True, filename) or "",
                    "ResponseContentType": content_type,
                },
                ExpiresIn=expires_s,
            )

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return where exactly these bytes may be sent: S3 checks size and digest itself."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with translated(key):
            url = self.client.generate_presigned_url(
                "put_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": key,
                    "ContentLength": size_bytes,
                    "ContentType": "application/zip",
                    "ChecksumSHA256": checksum,
                },
                ExpiresIn=expires_s,
            )
        headers = {"Content-Type": "application/zip", "x-amz-checksum-sha256": checksum}
        return UploadTarget(url, "PUT", headers)

    def probe(self) -> None:
        """Show that the bucket answers."""
        with translated(self.bucket):
            self.client.head_bucket(Bucket=self.bucket)


class _RangeReader(io.RawIOBase):
    """An object as a file, read by ranges."""

    def __init__(self, store: S3Store, key: str, size_bytes: int) -> None:
        """Begin at the start."""
        self._store, self._key, self._size_bytes = store, key, size_bytes
        self._position = 0

    def readable(self) -> bool:
        """Say so to the buffer around this."""
        return True

    def seekable(self) -> bool:
        """Likewise."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move without asking for anything."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size_bytes}
        self._position = max(0, base[whence] + offset)
        return self._position

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with one ranged request."""
        end = min(self._position + len(buffer), self._size_bytes)
        if end <= self._position:
            return 0
        data = self._store.read_range(self._key, self._position, end)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
