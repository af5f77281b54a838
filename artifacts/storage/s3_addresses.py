"""Presigned URLs, through which clients may use the bucket for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artifacts.exceptions import ContentTooLarge
from artifacts.limits import S3_UPLOAD_MAX_BYTES
from artifacts.rules.disposition import write_disposition
from artifacts.storage import content_types
from artifacts.storage.base import Reading, UploadTarget
from artifacts.storage.s3_checksums import CHECKSUM_HEADER, encode_checksum
from artifacts.storage.s3_clients import life_s
from artifacts.storage.s3_errors import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def download_url(
    client: S3Client,
    bucket: str,
    key: str,
    *,
    filename: str,
    content_type: str,
    expires_s: int,
    method: Reading,
) -> str:
    """Return where to download an object; the signature covers method, name and type."""
    with translated(key):
        return client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ResponseContentDisposition": write_disposition(filename),
                "ResponseContentType": content_type,
            },
            ExpiresIn=life_s(client, expires_s),
            HttpMethod=method,
        )


def upload_target(
    client: S3Client, bucket: str, key: str, *, size_bytes: int, sha256: str, expires_s: int
) -> UploadTarget:
    """Return where exactly these bytes may be sent; S3 checks size and digest.

    Raises:
        ContentTooLarge: S3 does not take so many bytes in one request.
    """
    if size_bytes > S3_UPLOAD_MAX_BYTES:
        raise ContentTooLarge(
            f"The zip is too large: the bucket takes {S3_UPLOAD_MAX_BYTES:,} bytes at once. "
            "Split it into several artifacts."
        )
    checksum = encode_checksum(sha256)
    with translated(key):
        url = client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ContentLength": size_bytes,
                "ContentType": content_types.ZIP,
                "ChecksumSHA256": checksum,
            },
            ExpiresIn=life_s(client, expires_s),
        )
    headers = {"Content-Type": content_types.ZIP, CHECKSUM_HEADER: checksum}
    return UploadTarget(url, "PUT", headers)


def plain_upload_target(
    client: S3Client, bucket: str, key: str, *, size_bytes: int, expires_s: int
) -> UploadTarget:
    """Return where so many bytes may be sent, without any header."""
    with translated(key):
        url = client.generate_presigned_url(
            "put_object",
            Params={"Bucket": bucket, "Key": key, "ContentLength": size_bytes},
            ExpiresIn=life_s(client, expires_s),
        )
    return UploadTarget(url, "PUT")
