"""Copying within S3: by ranges, because one request copies no more than 5 GB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.limits import S3_COPY_MAX_BYTES
from artifacts.storage.s3_errors import CONTESTED, TAKEN, code_of, translate, translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def join_within(
    client: S3Client, bucket: str, sources: Mapping[str, int], key: str, *, content_type: str
) -> bool:
    """Copy objects, one behind the other, to a key that is free; False when it is taken.

    Only for keys that name their bytes: whoever wins a contest for one has written the same.

    Args:
        sources: the size in bytes of each object that is copied, by its key.
    """
    with translated(key):
        upload_id = client.create_multipart_upload(
            Bucket=bucket, Key=key, ContentType=content_type
        )["UploadId"]
    try:
        parts = []
        for number, (source, range_of_bytes) in enumerate(_ranges(sources), 1):
            copied = client.upload_part_copy(
                Bucket=bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource=cast("Any", {"Bucket": bucket, "Key": source}),
                CopySourceRange=range_of_bytes,
            )
            parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
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
        if code_of(error) in (*TAKEN, *CONTESTED):
            return False
        raise translate(error, key) from error
    return True


def _ranges(sources: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield what one request copies: a key, and the bytes of it."""
    for source, size_bytes in sources.items():
        for start in range(0, size_bytes, S3_COPY_MAX_BYTES):
            yield source, f"bytes={start}-{min(start + S3_COPY_MAX_BYTES, size_bytes) - 1}"
