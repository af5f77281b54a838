"""Writing large objects to S3."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any, cast

from artifacts.exceptions import ObjectMissing, StorageUnavailable
from artifacts.limits import S3_PART_BYTES
from artifacts.storage.keys import INCOMING_PREFIX
from artifacts.storage.s3_bucket import S3Bucket
from artifacts.storage.s3_copy import join_within
from artifacts.storage.s3_errors import translated


class S3Writer:
    """Sends small objects in one request, large ones as a multipart upload.

    A large object is uploaded under `incoming/` and copied within S3 on commit, because its key is
    a digest that is only known at the end. No more than one part is held in memory.
    """

    def __init__(self, store: S3Bucket, content_type: str) -> None:
        """Begin empty."""
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
        """Remove what was sent; if that fails, the bucket's lifecycle rule does it later."""
        with suppress(StorageUnavailable, ObjectMissing):
            if self._is_whole:
                self._store.delete([self._incoming])
            elif self._upload_id:
                with translated(self._incoming):
                    self._store.client.abort_multipart_upload(
                        Bucket=self._store.bucket, Key=self._incoming, UploadId=self._upload_id
                    )

    def write(self, chunk: bytes) -> None:
        """Collect a part, then send it."""
        self._waiting += chunk
        self._size_bytes += len(chunk)
        if len(self._waiting) >= S3_PART_BYTES:
            self._send_part()

    def commit(self, key: str) -> bool:
        """Make the bytes an object, unless the key is already taken."""
        if not self._upload_id:
            return self._store.create(key, bytes(self._waiting), self._content_type)
        if self._waiting:
            self._send_part()
        self._complete()
        return self._copy(key)

    def _send_part(self) -> None:
        """Send the collected bytes as a part."""
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
        """Copy the object to its key within S3, if the key is free."""
        sources = {self._incoming: self._size_bytes}
        return join_within(self._store, sources, key, content_type=self._content_type)
