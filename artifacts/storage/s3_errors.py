"""S3's errors in the registry's words."""

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
# What S3 answers when a key is taken (`If-None-Match: *`), and when somebody else is writing or
# deleting it at this moment: then asking again tells who won.
TAKEN = ("412", "PreconditionFailed")
CONTESTED = ("409", "ConditionalRequestConflict")
# Answers to HEAD have no body, and so no better word than their status.
_FORBIDDEN = "403"
_WORDLESS = ("400", _FORBIDDEN)
_REFUSED = (
    _FORBIDDEN, "AccessDenied", "InvalidAccessKeyId", "NoCredentialsError", "SignatureDoesNotMatch",
)  # fmt: skip
# Of credentials that lived for a while only.
_ENDED = (
    "CredentialRetrievalError", "ExpiredToken", "ExpiredTokenException", "InvalidToken",
    "RequestExpired", "TokenRefreshRequired",
)  # fmt: skip
# It would answer if it were asked less.
_BUSY = ("503", "ServiceUnavailable", "SlowDown")
# How botocore says that it was given credentials anew which have ended already.
_STILL_EXPIRED = "still expired"
_FULL = ("507", "QuotaExceeded", "EntityTooLarge", "XMinioStorageFull")


class Endings:
    """How often this process was told that its credentials have ended; clients look at it."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self._counted_at = -CREDENTIALS_RETRY_S

    def note(self) -> None:
        """Count, but not each of many at once: new clients take time to make."""
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
    """Send a HEAD; where its answer is a mere refusal, another answer tells what is wrong.

    Args:
        head: sends it.

    Raises:
        ClientError: with S3's own word, where there is one.
    """
    try:
        return head()
    except ClientError as error:
        if code_of(error) in _WORDLESS:
            client.list_objects_v2(Bucket=bucket, MaxKeys=1)
        raise


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
    """Return how far our clock is ahead of the bucket's, as the date of its answer tells."""
    response = getattr(error, "response", None) or {}
    stated = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return time.time() - parsedate_to_datetime(stated).timestamp()
    except ValueError:
        return 0.0
