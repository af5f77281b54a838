"""Sending one request to the bucket, as a client of the registry would."""

from __future__ import annotations

import http.client
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from artifacts.limits import S3_QUICK_READ_TIMEOUT_S
from artifacts.storage.base import StorageSilent

_ANSWER_MAX_BYTES = 100_000


@dataclass(frozen=True)
class Answer:
    """A response. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the bucket did what was asked."""
        return http.HTTPStatus.OK <= self.status < http.HTTPStatus.MULTIPLE_CHOICES


def send(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send a request without any credentials except those in its address.

    Raises:
        StorageSilent: there was no response.
    """
    address = urlsplit(url)
    connection: http.client.HTTPConnection
    if address.scheme == "https":
        # boto3 reads its certificate authorities from this variable, too.
        context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
        connection = http.client.HTTPSConnection(
            address.netloc, timeout=S3_QUICK_READ_TIMEOUT_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(address.netloc, timeout=S3_QUICK_READ_TIMEOUT_S)
    try:
        # A server that refuses may answer and close the connection before it has read everything.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(
                method, f"{address.path}?{address.query}".rstrip("?"), body, dict(headers or {})
            )
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read(_ANSWER_MAX_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise StorageSilent(
            f"The address that clients are given does not answer ({type(error).__name__})."
        ) from error
    finally:
        connection.close()
