"""Translating S3's errors into the registry's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as NotConnected

from artifacts.exceptions import (
    CredentialsEnded,
    ObjectMissing,
    StorageFull,
    StorageUnavailable,
)
from artifacts.limits import CREDENTIALS_RETRY_S, S3_CLOCK_OFF_MAX_S
from artifacts.storage.base import StorageSilent

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

_MISSING = ("404", "NoSuchKey", "NotFound")
# What S3 answers when a key is taken (`If-None-Match: *`), and when another request is writing or
# deleting it at this moment; a second attempt then tells who won.
TAKEN = ("412", "PreconditionFailed")
CONTESTED = ("409", "ConditionalRequestConflict")
# Answers to HEAD have no body, so their status is the only error code.
_FORBIDDEN = "403"
_WORDLESS = ("400", _FORBIDDEN)
_REFUSED = (
    _FORBIDDEN, "AccessDenied", "InvalidAccessKeyId", "NoCredentialsError", "SignatureDoesNotMatch",
)  # fmt: skip
_NO_BUCKET = "NoSuchBucket"
# Temporary credentials have expired.
_ENDED = (
    "CredentialRetrievalError", "ExpiredToken", "ExpiredTokenException", "InvalidToken",
    "RequestExpired", "TokenRefreshRequired",
)  # fmt: skip
# The bucket would answer if it got fewer requests.
_BUSY = ("503", "ServiceUnavailable", "SlowDown")
# botocore's message when renewed credentials have already expired.
_STILL_EXPIRED = "still expired"
_FULL = ("507", "QuotaExceeded", "EntityTooLarge", "XMinioStorageFull")


class Endings:
    """Counts how often S3 reported expired credentials; `S3Clients` reads the count."""

    def __init__(self) -> None:
        """Begin at zero."""
        self.count = 0
        self._counted_at = -CREDENTIALS_RETRY_S

    def note(self) -> None:
        """Count one report; many at once count as one, since making new clients takes time."""
        now = time.monotonic()
        if now - self._counted_at >= CREDENTIALS_RETRY_S:
            self.count += 1
            self._counted_at = now


endings = Endings()


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn botocore's errors into the registry's."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, key) from error
    except RuntimeError as error:
        if _STILL_EXPIRED not in str(error):
            raise
        endings.note()
        raise CredentialsEnded("and so have those that came in their place") from error


def worded(client: S3Client, bucket: str, head: Callable[[], T]) -> T:
    """Send a HEAD; if the refusal has no error code, send another request to learn it.

    Args:
        head: sends the HEAD.

    Raises:
        ClientError: with S3's own error code, if there is one.
    """
    try:
        return head()
    except ClientError as error:
        if read_error_code(error) in _WORDLESS:
            client.list_objects_v2(Bucket=bucket, MaxKeys=1)
        raise


def read_error_code(error: Exception) -> str:
    """Return S3's error code; "" if no answer came."""
    # None if a request was sent and no answer came.
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def is_refusal(error: BaseException) -> bool:
    """Whether an error means that the bucket does not exist, or that we lack rights.

    Unlike a bucket that does not answer, waiting does not change that.
    """
    cause = error.__cause__
    if isinstance(cause, ObjectMissing):  # the bucket itself
        return True
    word = (read_error_code(cause) or type(cause).__name__) if isinstance(cause, Exception) else ""
    return word in (*_REFUSED, _NO_BUCKET)


def translate(error: Exception, key: str) -> ObjectMissing | StorageUnavailable:
    """Return the registry's error for one of S3's."""
    code = read_error_code(error)
    if code in _MISSING:
        return ObjectMissing(key)
    if code in _FULL:
        return StorageFull("There is no room left in the bucket. Its operator has to make some.")
    word = code or type(error).__name__
    if word in _ENDED or isinstance(error, CredentialRetrievalError):
        endings.note()
        return CredentialsEnded(word)
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
    is_silent = word in _BUSY or isinstance(error, (HTTPClientError, NotConnected))
    kind = StorageSilent if is_silent else StorageUnavailable
    return kind(f"The bucket does not answer as it should ({word}). Try again later.")


def _clock_off_s(error: Exception) -> float:
    """Return how far our clock is ahead of the bucket's, by the date of its answer."""
    response = getattr(error, "response", None) or {}
    stated = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return time.time() - parsedate_to_datetime(stated).timestamp()
    except ValueError:
        return 0.0
