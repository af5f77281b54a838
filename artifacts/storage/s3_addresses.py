"""Addresses of the bucket that clients may use for a while: presigned URLs."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from artifacts.exceptions import ContentTooLarge
from artifacts.limits import S3_UPLOAD_MAX_BYTES
from artifacts.storage.base import UploadTarget
from artifacts.storage.links import disposition
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
    method: str,
) -> str:
    """Return where an object is to be had; method, name and type are part of what is signed."""
    with translated(key):
        return client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ResponseContentDisposition": disposition(filename),
                "ResponseContentType": content_type,
            },
            ExpiresIn=life_s(client, expires_s),
            HttpMethod=method,
        )


def upload_target(
    client: S3Client, bucket: str, key: str, *, size_bytes: int, sha256: str, expires_s: int
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
        url = client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": bucket,
                "Key": key,
                "ContentLength": size_bytes,
                "ContentType": "application/zip",
                "ChecksumSHA256": checksum,
            },
            ExpiresIn=life_s(client, expires_s),
        )
    headers = {"Content-Type": "application/zip", "x-amz-checksum-sha256": checksum}
    return UploadTarget(url, "PUT", headers)
