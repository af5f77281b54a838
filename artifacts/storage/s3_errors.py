"""S3's errors in the registry's words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

from botocore.exceptions import BotoCoreError, ClientError

from artifacts.exceptions import ObjectMissing, StorageFull, StorageUnavailable
from artifacts.limits import S3_CLOCK_OFF_MAX_S

_MISSING = ("404", "NoSuchKey", "NotFound")
# What S3 answers when a key is taken (`If-None-Match: *`), and when somebody else is writing or
# deleting it at this moment: then asking again tells who won.
TAKEN = ("412", "PreconditionFailed")
CONTESTED = ("409", "ConditionalRequestConflict")
# Answers to HEAD have no body, and so no better word than their status.
_FORBIDDEN = "403"
_REFUSED = (
    _FORBIDDEN, "AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken",
    "NoCredentialsError", "SignatureDoesNotMatch",
)  # fmt: skip
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
    word = code or type(error).__name__
    off_s = _clock_off_s(error)
    if code == "RequestTimeTooSkewed" or (code == _FORBIDDEN and abs(off_s) > S3_CLOCK_OFF_MAX_S):
        direction = "behind" if off_s < 0 else "ahead of"
        return StorageUnavailable(
            f"The bucket refuses the registry, whose clock is {abs(off_s):,.0f} s {direction} "
            "the bucket's. An operator has to set that clock."
        )
    if word in _REFUSED:
        return StorageUnavailable(
            f"The bucket refuses the registry ({word}). An operator has to check the registry's "
            "credentials and rights there."
        )
    return StorageUnavailable(f"The bucket does not answer as it should ({word}). Try again later.")


def _clock_off_s(error: Exception) -> float:
    """Return how far our clock is ahead of the bucket's, as the date of its answer tells."""
    response = getattr(error, "response", None) or {}
    stated = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return time.time() - parsedate_to_datetime(stated).timestamp()
    except ValueError:
        return 0.0
