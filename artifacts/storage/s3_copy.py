"""Copying within S3: by ranges, because one request copies no more than 5 GB."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.limits import S3_COPY_MAX_BYTES
from artifacts.storage.s3_errors import CONTESTED, TAKEN, code_of, translate, translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def copy_within(
    client: S3Client, bucket: str, source: str, key: str, *, size_bytes: int, content_type: str
) -> bool:
    """Copy an object to a key, on the condition that it is free; False when it is taken.

    Only for keys that name their bytes: whoever wins a contest for one has written the same.
    """
    with translated(key):
        upload_id = client.create_multipart_upload(
            Bucket=bucket, Key=key, ContentType=content_type
        )["UploadId"]
    try:
        parts = []
        for number, start in enumerate(range(0, size_bytes, S3_COPY_MAX_BYTES), 1):
            end = min(start + S3_COPY_MAX_BYTES, size_bytes)
            copied = client.upload_part_copy(
                Bucket=bucket,
                Key=key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource=cast("Any", {"Bucket": bucket, "Key": source}),
                CopySourceRange=f"bytes={start}-{end - 1}",
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
