"""The bucket on S3, through the client that django-storages configures."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ContentTooLarge, ObjectMissing, StorageUnavailable
from artifacts.limits import (
    DELETE_BATCH_KEYS,
    HEALTH_PROBE_TIMEOUT_S,
    S3_ATTEMPTS_MAX,
    S3_CONNECT_TIMEOUT_S,
    S3_CONNECTIONS_MAX,
    S3_QUICK_ATTEMPTS_MAX,
    S3_QUICK_CONNECT_TIMEOUT_S,
    S3_QUICK_READ_TIMEOUT_S,
    S3_READ_TIMEOUT_S,
    S3_UPLOAD_MAX_BYTES,
)
from artifacts.storage.base import ObjectWriter, StoredObject, UploadTarget
from artifacts.storage.links import disposition
from artifacts.storage.s3_copy import join_within
from artifacts.storage.s3_errors import CONTESTED, TAKEN, code_of, translate, translated
from artifacts.storage.s3_parts import S3Parts
from artifacts.storage.s3_reader import open_range_reader
from artifacts.storage.s3_writer import S3Writer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage


# Without these, a bucket that hangs would hang everything with it (botocore: 60 s, five times).
_PATIENCE = Config(
    connect_timeout=S3_CONNECT_TIMEOUT_S,
    read_timeout=S3_READ_TIMEOUT_S,
    max_pool_connections=S3_CONNECTIONS_MAX,
    retries={"mode": "standard", "total_max_attempts": S3_ATTEMPTS_MAX},
)
_QUICK = Config(
    connect_timeout=S3_QUICK_CONNECT_TIMEOUT_S,
    read_timeout=S3_QUICK_READ_TIMEOUT_S,
    max_pool_connections=S3_CONNECTIONS_MAX,
    retries={"mode": "standard", "total_max_attempts": S3_QUICK_ATTEMPTS_MAX},
)
# Connecting and reading together stay within what a health page waits.
_IMPATIENCE = Config(
    connect_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    read_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    retries={"mode": "standard", "total_max_attempts": 1},
)
# Which call wrote an object: kept with it, see `S3Store.create`.
_WRITER = "writer"


class S3Store:
    """Implements `ObjectStore`."""

    def __init__(self, storage: S3Storage) -> None:
        """Use the bucket and the client of a django-storages storage."""
        self._storage = storage
        self.bucket: str = storage.bucket_name

    # A client serves all threads. Making one takes a quarter of a second, so each is made when it
    # is first needed.

    @cached_property
    def client(self) -> S3Client:
        """The client of transfers, and of what walks through the bucket."""
        return _client_of(self._storage, _PATIENCE)

    @cached_property
    def quick_client(self) -> S3Client:
        """The client of what somebody waits for: small objects, and addresses."""
        return _client_of(self._storage, _QUICK)

    @cached_property
    def _probing_client(self) -> S3Client:
        """A client that gives up soon."""
        return _client_of(self._storage, _IMPATIENCE)

    @cached_property
    def parts(self) -> S3Parts:
        """The objects that clients send in parts."""
        return S3Parts(self)

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; True when this call wrote it.

        When an answer is lost, the client sends the object again and finds the key taken, by
        itself. So each call leaves its own word with the object, and looks whose it is.
        """
        writer = uuid.uuid4().hex
        for attempt in range(1, S3_ATTEMPTS_MAX + 1):
            try:
                self.quick_client.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=data,
                    ContentType=content_type,
                    Metadata={_WRITER: writer},
                    IfNoneMatch="*",
                )
            except (ClientError, BotoCoreError) as error:
                if code_of(error) in TAKEN:
                    return self._was_sent_again(error) and self._writer_of(key) == writer
                if code_of(error) not in CONTESTED or attempt == S3_ATTEMPTS_MAX:
                    raise translate(error, key) from error
            else:
                return True
        raise StorageUnavailable(f"The key {key!r} is contested. Try again later.")

    def _was_sent_again(self, error: Exception) -> bool:
        """Whether the refusal answers a second attempt of one call."""
        response = getattr(error, "response", None) or {}
        return bool(response.get("ResponseMetadata", {}).get("RetryAttempts"))

    def _writer_of(self, key: str) -> str:
        """Return which call wrote an object."""
        with translated(key):
            found = self.quick_client.head_object(Bucket=self.bucket, Key=key)
        return found["Metadata"].get(_WRITER, "")

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object, whatever was there."""
        with translated(key):
            self.quick_client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type
            )

    def writer(self, content_type: str) -> ObjectWriter:
        """Begin a large object."""
        return S3Writer(self, content_type)

    def read(self, key: str) -> bytes:
        """Return a small object whole."""
        with translated(key):
            return self.quick_client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking."""
        return open_range_reader(self, key, self.stat(key).size_bytes)

    def read_range(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`."""
        with translated(key):
            answer = self.quick_client.get_object(
                Bucket=self.bucket, Key=key, Range=f"bytes={start}-{end - 1}"
            )
            return answer["Body"].read()

    def stat(self, key: str) -> StoredObject:
        """Return size and date of an object."""
        with translated(key):
            found = self.quick_client.head_object(Bucket=self.bucket, Key=key)
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

    def copy(self, source: str, key: str) -> bool:
        """Copy an object within S3 to a key that names its bytes, unless that is taken."""
        with translated(source):
            found = self.client.head_object(Bucket=self.bucket, Key=source)
        return join_within(
            self.client,
            self.bucket,
            {source: found["ContentLength"]},
            key,
            content_type=found["ContentType"],
        )

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        """Join objects within S3, unless the key is taken."""
        if not sources:
            return self.create(key, b"", content_type)
        sizes = {source: self.stat(source).size_bytes for source in sources}
        return join_within(self.client, self.bucket, sizes, key, content_type=content_type)

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

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: str = "GET"
    ) -> str:
        """Return a presigned address; method, file name and type are part of what is signed."""
        with translated(key):
            return self.quick_client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self.bucket,
                    "Key": key,
                    "ResponseContentDisposition": disposition(filename),
                    "ResponseContentType": content_type,
                },
                ExpiresIn=expires_s,
                HttpMethod=method,
            )

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return where exactly these bytes may be sent: S3 checks size and digest itself.

        Raises:
            ContentTooLarge: S3 takes no more in one request.
        """
        if size_bytes > S3_UPLOAD_MAX_BYTES:
            raise ContentTooLarge(
                f"The zip is too large: the bucket takes {S3_UPLOAD_MAX_BYTES:,} bytes at once. "
                "Split it into several artifacts."
            )
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with translated(key):
            url = self.quick_client.generate_presigned_url(
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
        try:
            with translated(self.bucket):
                self._probing_client.head_bucket(Bucket=self.bucket)
        except ObjectMissing as error:
            raise StorageUnavailable(
                f"There is no bucket {self.bucket!r}. An operator has to make it, or to correct "
                "AWS_STORAGE_BUCKET_NAME."
            ) from error


def _client_of(storage: S3Storage, config: Config) -> S3Client:
    """Return a client of django-storages' making, with our limits on time."""
    # A copy, because the storage keeps its connection: one per thread, made at first use.
    own = copy(storage)
    own.__setstate__(storage.__getstate__())
    own.client_config = storage.client_config.merge(config)
    client: S3Client = own.connection.meta.client
    return client
