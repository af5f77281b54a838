"""Reading what a source answered: its status in the registry's words, its body up to a size."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import CHUNK_BYTES
from artifacts.sources.base import Deadline
from artifacts.sources.retries import wait_asked_for


def judge(response: requests.Response, also: tuple[int, ...]) -> None:
    """Turn a status into the registry's words.

    Raises:
        SourceUnavailable: it is busy, limits our rate, or is broken: try again later.
        SourceRefused: it says no.
    """
    status, host = response.status_code, urlsplit(response.url).hostname
    wait_s = wait_asked_for(response.headers)
    if status < 300 or status in (304, *also):  # noqa: PLR2004  (statuses under 300 are success)
        return
    limited = status == 429 or (status == 403 and wait_s is not None)  # noqa: PLR2004
    if limited:
        raise SourceUnavailable(
            f"{host} limits how often this registry may ask. Try later, or configure a token.",
            retry_after_s=wait_s,
        )
    if status >= 500 or status == 408:  # noqa: PLR2004  (RFC 9110)
        raise SourceUnavailable(
            f"{host} is in trouble (status {status}). Try again later.", retry_after_s=wait_s
        )
    if status == 401:  # noqa: PLR2004  (RFC 9110)
        raise SourceRefused(
            f"{host} wants credentials, or does not accept those that this registry is set up with."
        )
    raise SourceRefused(f"{host} refused the request (status {status}).", status=status)


def read_body(
    response: requests.Response, max_bytes: int, deadline: Deadline, *, cut: bool
) -> bytes:
    """Read a small body.

    Raises:
        SourceRefused: it has more bytes than that once unpacked, however many it claimed.
        SourceUnavailable: it is not there when the time is over.
    """
    host = str(urlsplit(response.url).hostname)
    body = bytearray()
    # read1: what is there now. Waiting for whole chunks would let a body that drips outlive the
    # deadline, since each byte is in time by itself.
    while chunk := response.raw.read1(min(CHUNK_BYTES, max_bytes + 1), decode_content=True):
        body += chunk
        if len(body) > max_bytes and cut:
            return bytes(body[:max_bytes])
        if len(body) > max_bytes:
            raise SourceRefused(f"{host} sent an answer of over {max_bytes:,} bytes.")
        deadline.check(host)
    return bytes(body)
