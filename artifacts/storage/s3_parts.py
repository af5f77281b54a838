"""Objects that clients send to S3 in parts: multipart uploads, with a checksum for each part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ObjectMissing, PartsMismatch
from artifacts.storage import content_types
from artifacts.storage.base import BegunParts, StoredPart, UploadPart, UploadTarget
from artifacts.storage.s3_bucket import S3Bucket
from artifacts.storage.s3_checksums import CHECKSUM_HEADER, decode_checksum, encode_checksum
from artifacts.storage.s3_clients import life_s
from artifacts.storage.s3_errors import read_error_code, translate, translated

_GONE = "NoSuchUpload"
# S3's error codes for parts that are missing, too small, or do not match their checksums.
_MISMATCHES = ("InvalidPart", "InvalidPartOrder", "BadDigest", "EntityTooSmall")


class S3Parts:
    """Implements `PartStore`."""

    def __init__(self, store: S3Bucket) -> None:
        """Use the store's bucket and clients."""
        self._store = store

    def begin(
        self, key: str, *, content_type: str = content_types.ZIP, states_digests: bool = True
    ) -> str:
        """Begin a multipart upload."""
        self._store.require_suitable()
        compared: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if states_digests else {}
        with translated(key):
            begun = self._store.quick_client.create_multipart_upload(
                Bucket=self._store.bucket, Key=key, ContentType=content_type, **compared
            )
        return begun["UploadId"]

    def target(self, key: str, upload_id: str, part: UploadPart, *, expires_s: int) -> UploadTarget:
        """Return where exactly this part may be sent; S3 checks size and digest."""
        compared = {"ChecksumSHA256": encode_checksum(part.sha256)} if part.sha256 else {}
        client = self._store.quick_client
        with translated(key):
            url = client.generate_presigned_url(
                "upload_part",
                Params={
                    "Bucket": self._store.bucket,
                    "Key": key,
                    "UploadId": upload_id,
                    "PartNumber": part.number,
                    "ContentLength": part.size_bytes,
                    **compared,
                },
                ExpiresIn=life_s(client, expires_s),
            )
        headers = {CHECKSUM_HEADER: encode_checksum(part.sha256)} if part.sha256 else {}
        return UploadTarget(url, "PUT", headers)

    def list(self, key: str, upload_id: str) -> list[StoredPart]:
        """Return the parts that arrived; some S3 servers do not tell their checksums."""
        return [
            StoredPart(number, found["Size"], decode_checksum(found.get("ChecksumSHA256", "")))
            for number, found in sorted(self._listed(key, upload_id).items())
        ]

    def join(self, key: str, upload_id: str, digests: Sequence[str]) -> None:
        """Complete the multipart upload; S3 compares each part with its checksum again."""
        try:
            listed = self._listed(key, upload_id)
        except ObjectMissing:
            self._store.stat(key)  # An earlier call joined it, or it was never begun.
            return
        parts = [
            {"PartNumber": number, "ETag": listed[number]["ETag"]}
            | ({"ChecksumSHA256": encode_checksum(digest)} if digest else {})
            for number, digest in enumerate(digests, 1)
            if number in listed and _is_sent(listed[number], digest)
        ]
        if len(parts) != len(digests):
            raise PartsMismatch
        try:
            self._store.client.complete_multipart_upload(
                Bucket=self._store.bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": cast("Any", parts)},
            )
        except (ClientError, BotoCoreError) as error:
            if read_error_code(error) == _GONE:
                self._store.stat(key)  # Another process has just joined it.
                return
            if read_error_code(error) in _MISMATCHES:
                raise PartsMismatch from error
            raise translate(error, key) from error

    def abort(self, key: str, upload_id: str) -> None:
        """Abort the multipart upload."""
        try:
            self._store.quick_client.abort_multipart_upload(
                Bucket=self._store.bucket, Key=key, UploadId=upload_id
            )
        except (ClientError, BotoCoreError) as error:
            if read_error_code(error) != _GONE:
                raise translate(error, key) from error

    def list_begun(self) -> Iterator[BegunParts]:
        """Yield every multipart upload of the bucket, including those of our own writers."""
        if not self._store.lists_begun:
            return
        with translated(self._store.bucket):
            pages = self._store.client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._store.bucket
            )
            for page in pages:
                for found in page.get("Uploads", []):
                    yield BegunParts(found["Key"], found["UploadId"], found["Initiated"])

    def _listed(self, key: str, upload_id: str) -> dict[int, Any]:
        """Return S3's description of each part, by number.

        Some servers list each attempt at a part, in any order; the newest counts.
        """
        try:
            pages = self._store.quick_client.get_paginator("list_parts").paginate(
                Bucket=self._store.bucket, Key=key, UploadId=upload_id
            )
            attempts = [part for page in pages for part in page.get("Parts", [])]
        except (ClientError, BotoCoreError) as error:
            if read_error_code(error) == _GONE:
                raise ObjectMissing(key) from error
            raise translate(error, key) from error
        attempts.sort(key=lambda part: part["LastModified"])
        return {part["PartNumber"]: part for part in attempts}


def _is_sent(listed: dict[str, Any], digest: str) -> bool:
    """Whether a part that S3 lists has this digest, as far as either is known."""
    if not digest:
        return True
    checksum = encode_checksum(digest)
    return bool(listed.get("ChecksumSHA256", checksum) == checksum)
