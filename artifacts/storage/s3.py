"""The bucket on S3, through the client that django-storages configures."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ObjectMissing, StorageUnavailable, StorageUnsuitable
from artifacts.limits import DELETE_BATCH_KEYS, S3_ATTEMPTS_MAX
from artifacts.storage import s3_addresses
from artifacts.storage.abilities import ALL, Abilities
from artifacts.storage.base import ObjectWriter, StoredObject, UploadTarget
from artifacts.storage.once import sole_writer
from artifacts.storage.s3_clients import IMPATIENCE, PATIENCE, QUICK, S3Clients
from artifacts.storage.s3_copy import join_within
from artifacts.storage.s3_errors import CONTESTED, TAKEN, code_of, translate, translated, worded
from artifacts.storage.s3_parts import S3Parts
from artifacts.storage.s3_reader import open_range_reader
from artifacts.storage.s3_writer import S3Writer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage

# Which call wrote an object: kept with it, see `S3Store.create`.
_WRITER = "writer"


class S3Store:
    """Implements `ObjectStore`."""

    def __init__(
        self,
        storage: S3Storage,
        abilities: Callable[[], Abilities] = lambda: ALL,
        sole_writer: Callable[[str], AbstractContextManager[None]] = sole_writer,
    ) -> None:
        """Use the bucket and the credentials of a django-storages storage.

        Args:
            abilities: says what the bucket can be relied on for.
            sole_writer: gives the right to write a key, where the bucket overwrites.
        """
        self._clients = S3Clients(storage)
        self.bucket: str = storage.bucket_name
        self._abilities, self.sole_writer = abilities, sole_writer

    @property
    def client(self) -> S3Client:
        """The client of transfers, and of what walks through the bucket."""
        return self._clients.get(PATIENCE)

    @property
    def quick_client(self) -> S3Client:
        """The client of what somebody waits for: small objects, and addresses."""
        return self._clients.get(QUICK)

    @property
    def _probing_client(self) -> S3Client:
        """A client that gives up soon."""
        return self._clients.get(IMPATIENCE)

    @property
    def able(self) -> Abilities:
        """What the bucket can be relied on for.

        Raises:
            StorageUnsuitable: too little to write anything.
        """
        self.require_suitable()
        return self._abilities()

    def require_suitable(self) -> None:
        """See that something may be written into the bucket.

        Raises:
            StorageUnsuitable: it lacks what nothing can take the place of.
        """
        if refusal := self._abilities().refusal:
            raise StorageUnsuitable(refusal)

    @property
    def compares_digests(self) -> bool:
        """Whether bytes other than announced are refused as they arrive."""
        able = self.able
        return able.compares_digests and able.compares_parts

    @cached_property
    def parts(self) -> S3Parts:
        """The objects that clients send in parts."""
        return S3Parts(self)

    @property
    def lists_begun(self) -> bool:
        """Whether objects in parts that were begun can be listed; where not, none are."""
        return self._abilities().lists_begun

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; True when this call wrote it."""
        if self.able.creates_once:
            return self._create_on_condition(key, data, content_type)
        with self.sole_writer(key):
            if self.is_there(key):
                return False
            self.replace(key, data, content_type)
            return True

    def is_there(self, key: str) -> bool:
        """Whether a key is taken."""
        try:
            self.stat(key)
        except ObjectMissing:
            return False
        return True

    def _create_on_condition(self, key: str, data: bytes, content_type: str) -> bool:
        """Have the bucket see to it that nothing is overwritten.

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
        self.require_suitable()
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
        client = self.quick_client
        with translated(key):
            found = worded(
                client, self.bucket, lambda: client.head_object(Bucket=self.bucket, Key=key)
            )
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
            self, {source: found["ContentLength"]}, key, content_type=found["ContentType"]
        )

    def join(self, sources: Sequence[str], key: str, content_type: str) -> bool:
        """Join objects within S3, unless the key is taken."""
        self.require_suitable()
        if not sources:
            return self.create(key, b"", content_type)
        sizes = {source: self.stat(source).size_bytes for source in sources}
        return join_within(self, sizes, key, content_type=content_type)

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects in batches, or one by one where the bucket takes no batches."""
        if not self._abilities().deletes_many:
            return sum(map(self._delete_one, keys))
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

    def _delete_one(self, key: str) -> int:
        """Delete an object; return 1."""
        try:
            with translated(key):
                self.client.delete_object(Bucket=self.bucket, Key=key)
        except ObjectMissing:
            return 1  # Amazon does not mind; some do.
        return 1

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: str = "GET"
    ) -> str:
        """Return a presigned address; method, file name and type are part of what is signed."""
        return s3_addresses.download_url(
            self.quick_client,
            self.bucket,
            key,
            filename=filename,
            content_type=content_type,
            expires_s=expires_s,
            method=method,
        )

    def upload_target(
        self, key: str, *, size_bytes: int, sha256: str, expires_s: int
    ) -> UploadTarget:
        """Return where exactly these bytes may be sent: S3 checks size and digest itself.

        Where it does not (`compares_digests`), whoever asks has to.

        Raises:
            ContentTooLarge: S3 takes no more in one request.
        """
        return s3_addresses.upload_target(
            self.quick_client,
            self.bucket,
            key,
            size_bytes=size_bytes,
            sha256=sha256,
            expires_s=expires_s,
        )

    def probe(self) -> None:
        """Show that the bucket answers."""
        client = self._probing_client
        try:
            with translated(self.bucket):
                worded(client, self.bucket, lambda: client.head_bucket(Bucket=self.bucket))
        except ObjectMissing as error:
            raise StorageUnavailable(
                f"There is no bucket {self.bucket!r}. An operator has to make it, or to correct "
                "AWS_STORAGE_BUCKET_NAME."
            ) from error
