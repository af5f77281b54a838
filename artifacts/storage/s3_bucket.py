"""The bucket on S3 and its single objects, through clients that django-storages configures."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ObjectMissing, StorageUnavailable, StorageUnsuitable
from artifacts.limits import DELETE_BATCH_KEYS, S3_ATTEMPTS_MAX
from artifacts.storage.abilities import ALL, Abilities
from artifacts.storage.base import StoredObject, has_object
from artifacts.storage.once import sole_writer
from artifacts.storage.s3_clients import IMPATIENCE, PATIENCE, QUICK, S3Clients
from artifacts.storage.s3_errors import (
    CONTESTED,
    TAKEN,
    read_error_code,
    translate,
    translated,
    worded,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage

# The metadata that tells which call wrote an object (`S3Bucket._create_on_condition`).
_WRITER = "writer"


class S3Bucket:
    """The base of `S3Store` and its parts: clients, abilities, single objects."""

    def __init__(
        self,
        storage: S3Storage,
        abilities: Callable[[], Abilities] = lambda: ALL,
        sole_writer: Callable[[str], AbstractContextManager[None]] = sole_writer,
    ) -> None:
        """Use the bucket and the credentials of a django-storages storage.

        Args:
            abilities: returns what the bucket can be relied on to do.
            sole_writer: gives the exclusive right to write a key, for buckets that overwrite.
        """
        self._clients = S3Clients(storage)
        self.bucket: str = storage.bucket_name
        self._abilities, self.sole_writer = abilities, sole_writer

    @property
    def client(self) -> S3Client:
        """The client for transfers and for listing the bucket."""
        return self._clients.get(PATIENCE)

    @property
    def quick_client(self) -> S3Client:
        """The client for what a request waits for: small objects and addresses."""
        return self._clients.get(QUICK)

    @property
    def _probing_client(self) -> S3Client:
        """A client that gives up soon."""
        return self._clients.get(IMPATIENCE)

    @property
    def able(self) -> Abilities:
        """What the bucket can be relied on to do.

        Raises:
            StorageUnsuitable: too little for the registry to write anything.
        """
        self.require_suitable()
        return self._abilities()

    def require_suitable(self) -> None:
        """Check that the registry may write into the bucket.

        Raises:
            StorageUnsuitable: it lacks an ability that nothing can replace.
        """
        if refusal := self._abilities().refusal:
            raise StorageUnsuitable(refusal)

    @property
    def lists_begun(self) -> bool:
        """Whether the bucket lists unfinished multipart uploads; if not, we list none."""
        return self._abilities().lists_begun

    def create(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object unless the key is taken; return True if this call wrote it."""
        if self.able.creates_once:
            return self._create_on_condition(key, data, content_type)
        with self.sole_writer(key):
            if self.is_there(key):
                return False
            self.replace(key, data, content_type)
            return True

    def is_there(self, key: str) -> bool:
        """Whether a key is taken."""
        return has_object(self, key)

    def _create_on_condition(self, key: str, data: bytes, content_type: str) -> bool:
        """Write an object on the condition that its key is free.

        When an answer is lost, boto3 sends the object again and finds the key taken by its own
        first attempt. So each call stores an id of its own with the object, and compares it.
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
                if read_error_code(error) in TAKEN:
                    is_again = attempt > 1 or self._was_sent_again(error)
                    return is_again and self._find_writer(key) == writer
                if read_error_code(error) not in CONTESTED or attempt == S3_ATTEMPTS_MAX:
                    raise translate(error, key) from error
            else:
                return True
        raise StorageUnavailable(f"The key {key!r} is contested. Try again later.")

    def _was_sent_again(self, error: Exception) -> bool:
        """Whether the refusal answers a repeated attempt of the same call."""
        response = getattr(error, "response", None) or {}
        return bool(response.get("ResponseMetadata", {}).get("RetryAttempts"))

    def _find_writer(self, key: str) -> str:
        """Return the id of the call that wrote an object."""
        with translated(key):
            found = self.quick_client.head_object(Bucket=self.bucket, Key=key)
        return found["Metadata"].get(_WRITER, "")

    def replace(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object over any older one."""
        self.require_suitable()
        with translated(key):
            self.quick_client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type
            )

    def read(self, key: str) -> bytes:
        """Return all bytes of a small object."""
        with translated(key):
            return self.quick_client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

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
        """Yield the objects whose keys have this prefix, ordered by key, page by page."""
        with translated(prefix):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            for page in pages:
                for found in page.get("Contents", []):
                    yield StoredObject(found["Key"], found["Size"], found["LastModified"])

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects in batches, or one by one if the bucket takes no batches."""
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
            return 1  # Amazon reports success here, other servers an error.
        return 1

    def probe(self) -> None:
        """Check that the bucket answers."""
        client = self._probing_client
        try:
            with translated(self.bucket):
                worded(client, self.bucket, lambda: client.head_bucket(Bucket=self.bucket))
        except ObjectMissing as error:
            raise StorageUnavailable(
                f"There is no bucket {self.bucket!r}. An operator has to make it, or to correct "
                "AWS_STORAGE_BUCKET_NAME."
            ) from error
