"""The bucket on S3, through the client that django-storages configures."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.utils.http import content_disposition_header

from artifacts.exceptions import ObjectMissing, StorageFull, StorageUnavailable
from artifacts.limits import CHUNK_BYTES, DELETE_BATCH_KEYS, S3_COPY_MAX_BYTES, S3_PART_BYTES
from artifacts.storage.base import ObjectWriter, StoredObject, UploadTarget
from artifacts.storage.keys import INCOMING_PREFIX

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage

_MISSING = ("404", "NoSuchKey", "NotFound")
# What S3 answers when a key is taken (`If-None-Match: *`), or is being taken at this moment.
_TAKEN = ("412", "PreconditionFailed", "409", "ConditionalRequestConflict")
_FULL = ("507", "QuotaExceeded", "EntityTooLarge", "XMinioStorageFull")


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
            if _code(error) in _TAKEN:
                return False
            raise _translate(error, key) from error
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


class S3Writer:
    """An object on its way: small ones in one request, large ones as a multipart upload.

    A large one is uploaded under `incoming/` and copied within S3 when it is committed, because the
    key is a digest that is only known at the end. No more than a part is held in memory.
    """

    def __init__(self, store: S3Store, content_type: str) -> None:
        """Begin with nothing."""
        self._store = store
        self._content_type = content_type
        self._waiting = bytearray()
        self._incoming = f"{INCOMING_PREFIX}{uuid.uuid4().hex}"
        self._upload_id = ""
        self._parts: list[dict[str, Any]] = []
        self._size_bytes = 0
        self._is_whole = False

    def __enter__(self) -> S3Writer:  # noqa: PYI034  (the protocol's type)
        """Begin; nothing is sent yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remove what was sent; what fails here, the bucket's lifecycle rule clears."""
        with suppress(StorageUnavailable, ObjectMissing):
            if self._is_whole:
                self._store.delete([self._incoming])
            elif self._upload_id:
                with translated(self._incoming):
                    self._store.client.abort_multipart_upload(
                        Bucket=self._store.bucket, Key=self._incoming, UploadId=self._upload_id
                    )

    def write(self, chunk: bytes) -> None:
        """Gather a part, then send it."""
        self._waiting += chunk
        self._size_bytes += len(chunk)
        if len(self._waiting) >= S3_PART_BYTES:
            self._send_part()

    def commit(self, key: str) -> bool:
        """Make the bytes an object, unless the key is taken already."""
        if not self._upload_id:
            return self._store.create(key, bytes(self._waiting), self._content_type)
        if self._waiting:
            self._send_part()
        self._complete()
        return self._copy(key)

    def _send_part(self) -> None:
        """Send what has gathered."""
        client, bucket = self._store.client, self._store.bucket
        with translated(self._incoming):
            if not self._upload_id:
                self._upload_id = client.create_multipart_upload(
                    Bucket=bucket, Key=self._incoming, ContentType=self._content_type
                )["UploadId"]
            number = len(self._parts) + 1
            sent = client.upload_part(
                Bucket=bucket,
                Key=self._incoming,
                UploadId=self._upload_id,
                PartNumber=number,
                Body=bytes(self._waiting),
            )
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._waiting.clear()

    def _complete(self) -> None:
        """Join the parts."""
        with translated(self._incoming):
            self._store.client.complete_multipart_upload(
                Bucket=self._store.bucket,
                Key=self._incoming,
                UploadId=self._upload_id,
                MultipartUpload={"Parts": cast("Any", self._parts)},
            )
        self._is_whole = True

    def _copy(self, key: str) -> bool:
        """Copy the object to its key within S3, by ranges, on the condition that it is free."""
        client, bucket = self._store.client, self._store.bucket
        source = {"Bucket": bucket, "Key": self._incoming}
        with translated(key):
            upload_id = client.create_multipart_upload(
                Bucket=bucket, Key=key, ContentType=self._content_type
            )["UploadId"]
        try:
            parts = []
            for number, start in enumerate(range(0, self._size_bytes, S3_COPY_MAX_BYTES), 1):
                end = min(start + S3_COPY_MAX_BYTES, self._size_bytes)
                copied = client.upload_part_copy(
                    Bucket=bucket,
                    Key=key,
                    UploadId=upload_id,
                    PartNumber=number,
                    CopySource=cast("Any", source),
                    CopySourceRange=f"bytes={start}-{end - 1}",
                )
                etag = copied["CopyPartResult"]["ETag"]
                parts.append({"PartNumber": number, "ETag": etag})
            client.complete_multipart_upload(
                Bucket=bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": cast("Any", parts)},
                IfNoneMatch="*",
            )
        except (ClientError, BotoCoreError) as error:
            with suppress(ClientError, BotoCoreError):
                client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
            if _code(error) in _TAKEN:
                return False
            raise _translate(error, key) from error
        return True


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


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn botocore's errors into the registry's."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise _translate(error, key) from error


def _code(error: Exception) -> str:
    """Return S3's word for an error; "" when no answer came."""
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))


def _translate(error: Exception, key: str) -> ObjectMissing | StorageUnavailable:
    """Return the registry's error for one of S3."""
    code = _code(error)
    if code in _MISSING:
        return ObjectMissing(key)
    if code in _FULL:
        return StorageFull("There is no room left in the bucket. Make room.")
    return StorageUnavailable(
        f"The bucket does not answer as it should ({code or type(error).__name__}). "
        "Try again later."
    )
