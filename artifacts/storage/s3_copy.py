"""Copying within S3, range by range, because one request copies at most 5 GB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import RegistryError, StorageUnavailable
from artifacts.limits import S3_COPY_MAX_BYTES, S3_PART_BYTES
from artifacts.storage.s3_bucket import S3Bucket
from artifacts.storage.s3_errors import CONTESTED, TAKEN, read_error_code, translate, translated


def join_within(
    store: S3Bucket, sources: Mapping[str, int], key: str, *, content_type: str
) -> bool:
    """Concatenate objects under a free key; return False if it is taken.

    Only for keys made from a digest: whoever wins the race for such a key wrote the same bytes.

    Args:
        sources: the size in bytes of each source object, by its key.
    """
    able = store.able
    if not able.joins_once and store.is_there(key):
        return False  # Checked again below; here it saves the copying.
    with translated(key):
        upload_id = store.client.create_multipart_upload(
            Bucket=store.bucket, Key=key, ContentType=content_type
        )["UploadId"]
    attempt = _Attempt(store, key, upload_id)
    try:
        attempt.fill(sources, is_copying=able.copies)
        is_new = attempt.complete(is_conditional=able.joins_once)
    except (ClientError, BotoCoreError) as error:
        attempt.abort()
        if read_error_code(error) in (*TAKEN, *CONTESTED):
            return False
        raise translate(error, key) from error
    except RegistryError:
        attempt.abort()
        raise
    if not is_new:
        attempt.abort()
    return is_new


class _Attempt:
    """A multipart upload that makes an object out of others."""

    def __init__(self, store: S3Bucket, key: str, upload_id: str) -> None:
        """Begin without parts."""
        self._store, self._key = store, key
        self._names: dict[str, Any] = {"Bucket": store.bucket, "Key": key, "UploadId": upload_id}
        self._parts: list[dict[str, Any]] = []

    def fill(self, sources: Mapping[str, int], *, is_copying: bool) -> None:
        """Send the bytes, or let the bucket copy them."""
        client = self._store.client
        if is_copying:
            for number, (source, range_of_bytes) in enumerate(_ranges(sources), 1):
                copied = client.upload_part_copy(
                    **self._names,
                    PartNumber=number,
                    CopySource=cast("Any", {"Bucket": self._store.bucket, "Key": source}),
                    CopySourceRange=range_of_bytes,
                )
                self._note(number, copied["CopyPartResult"].get("ETag", ""))
            return
        for number, chunk in enumerate(_chunks(self._store, sources), 1):
            sent = client.upload_part(**self._names, PartNumber=number, Body=chunk)
            self._note(number, sent["ETag"])

    def complete(self, *, is_conditional: bool) -> bool:
        """Make the object, unless its key is taken.

        Args:
            is_conditional: the bucket itself refuses a taken key.
        """
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if is_conditional else {}
        right: AbstractContextManager[None] = (
            nullcontext() if is_conditional else self._store.sole_writer(self._key)
        )
        with right, translated_unless(self._key, is_conditional=is_conditional):
            if not is_conditional and self._store.is_there(self._key):
                return False
            self._store.client.complete_multipart_upload(
                **self._names, MultipartUpload={"Parts": cast("Any", self._parts)}, **condition
            )
        return True

    def abort(self) -> None:
        """Remove what was sent."""
        with suppress(ClientError, BotoCoreError):
            self._store.client.abort_multipart_upload(**self._names)

    def _note(self, number: int, etag: str) -> None:
        """Remember a part that arrived.

        Raises:
            StorageUnavailable: the bucket did not confirm the part.
        """
        if not etag:
            raise StorageUnavailable("The bucket does not say that it has copied. Try again later.")
        self._parts.append({"PartNumber": number, "ETag": etag})


def translated_unless(key: str, *, is_conditional: bool) -> AbstractContextManager[None]:
    """Turn S3's errors into the registry's, as `sole_writer` needs them."""
    return nullcontext() if is_conditional else translated(key)


def _ranges(sources: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield what each request copies: a key and a range of bytes."""
    for source, size_bytes in sources.items():
        for start in range(0, size_bytes, S3_COPY_MAX_BYTES):
            yield source, f"bytes={start}-{min(start + S3_COPY_MAX_BYTES, size_bytes) - 1}"


def _chunks(store: S3Bucket, sources: Mapping[str, int]) -> Iterator[bytes]:
    """Yield the bytes of objects in parts; S3 requires at least 5 MiB of all but the last."""
    waiting = bytearray()
    for source, size_bytes in sources.items():
        for start in range(0, size_bytes, S3_PART_BYTES):
            waiting += store.read_range(source, start, min(start + S3_PART_BYTES, size_bytes))
            if len(waiting) >= S3_PART_BYTES:
                yield bytes(waiting)
                waiting.clear()
    if waiting:
        yield bytes(waiting)
