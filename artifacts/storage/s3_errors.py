"""S3's errors in the registry's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ObjectMissing, StorageFull, StorageUnavailable

_MISSING = ("404", "NoSuchKey", "NotFound")
# What S3 answers when a key is taken (`If-None-Match: *`), and when somebody else is writing or
# deleting it at this moment: then asking again tells who won.
TAKEN = ("412", "PreconditionFailed")
CONTESTED = ("409", "ConditionalRequestConflict")
_FULL = ("507", "QuotaExceeded", "EntityTooLarge", "XMinioStorageFull")


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn botocore's errors into the registry's."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, key) from error


def code_of(error: Exception) -> str:
    """Return S3's word for an error; "" when no answer came."""
    # None where a request was sent and nothing came back.
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def translate(error: Exception, key: str) -> ObjectMissing | StorageUnavailable:
    """Return the registry's error for one of S3."""
    code = code_of(error)
    if code in _MISSING:
        return ObjectMissing(key)
    if code in _FULL:
        return StorageFull("There is no room left in the bucket. Make room.")
    return StorageUnavailable(
        f"The bucket does not answer as it should ({code or type(error).__name__}). "
        "Try again later."
    )
