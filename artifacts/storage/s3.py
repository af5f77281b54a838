"""The bucket on S3, with everything that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import BinaryIO

from artifacts.storage import s3_addresses
from artifacts.storage.base import ObjectWriter, Reading, UploadTarget
from artifacts.storage.s3_bucket import S3Bucket
from artifacts.storage.s3_copy import join_within
from artifacts.storage.s3_errors import translated
from artifacts.storage.s3_parts import S3Parts
from artifacts.storage.s3_reader import open_range_reader
from artifacts.storage.s3_writer import S3Writer


class S3Store(S3Bucket):
    """Implements `ObjectStore`."""

    @property
    def compares_digests(self) -> bool:
        """Whether the bucket refuses bytes other than announced as they arrive."""
        able = self.able
        return able.compares_digests and able.compares_parts

    @property
    def is_here(self) -> bool:
        """Return False: the bucket sends the bytes."""
        return False

    @cached_property
    def parts(self) -> S3Parts:
        """The objects that clients send in parts."""
        return S3Parts(self)

    def writer(self, content_type: str) -> ObjectWriter:
        """Begin a large object."""
        return S3Writer(self, content_type)

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading and seeking."""
        return open_range_reader(self, key, self.stat(key).size_bytes)

    def copy(self, source: str, key: str) -> bool:
        """Copy an object within S3 to a key made from its digest, unless that is taken."""
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

    def download_url(
        self, key: str, *, filename: str, content_type: str, expires_s: int, method: Reading = "GET"
    ) -> str:
        """Return a presigned address; the signature covers method, file name and type."""
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
        """Return where exactly these bytes may be sent; S3 checks size and digest.

        If it does not (`compares_digests`), the caller has to.

        Raises:
            ContentTooLarge: S3 does not take so many bytes in one request.
        """
        return s3_addresses.upload_target(
            self.quick_client,
            self.bucket,
            key,
            size_bytes=size_bytes,
            sha256=sha256,
            expires_s=expires_s,
        )

    def plain_upload_target(
        self,
        key: str,
        *,
        size_bytes: int,
        sha256: str,  # noqa: ARG002  (S3 compares it only with a header)
        expires_s: int,
    ) -> UploadTarget:
        """Return a presigned address that needs no headers; S3 checks the size only."""
        return s3_addresses.plain_upload_target(
            self.quick_client, self.bucket, key, size_bytes=size_bytes, expires_s=expires_s
        )
