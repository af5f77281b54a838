"""Judging the status of a source's answer, and reading its body up to a maximum size."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import CHUNK_BYTES
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.retries import wait_asked_for

# The source is busy or limits our rate (RFC 9110, RFC 6585); from 500 on it is broken.
_PASSING = (408, 429)
_BROKEN_FROM = 500


def is_passing(status: int) -> bool:
    """Whether a status is temporary: the same request may be answered later."""
    return status in _PASSING or status >= _BROKEN_FROM


def judge(response: requests.Response, also: tuple[int, ...]) -> None:
    """Turn the status of a failure into the registry's error.

    Raises:
        SourceUnavailable: the source is busy, limits our rate, or is broken; try again later.
        SourceRefused: the source refuses the request.
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
    if is_passing(status):
        raise SourceUnavailable(
            f"{host} is in trouble (status {status}). Try again later.", retry_after_s=wait_s
        )
    if status == 401:  # noqa: PLR2004  (RFC 9110)
        raise SourceRefused(
            f"{host} wants credentials, or does not accept those that this registry is set up with."
        )
    raise SourceRefused(f"{host} refused the request (status {status}).", status=status)


def read_body(response: requests.Response, max_bytes: int, inquiry: Inquiry, *, cut: bool) -> bytes:
    """Read a small body.

    Raises:
        SourceRefused: it has more than `max_bytes` once decompressed, whatever size it claimed.
        SourceUnavailable: it did not arrive in time.
    """
    host = str(urlsplit(response.url).hostname)
    body = bytearray()
    # read1 returns what has arrived. Waiting for whole chunks would let a slowly dripping body
    # outlive the deadline, since no single byte is late.
    while chunk := response.raw.read1(min(CHUNK_BYTES, max_bytes + 1), decode_content=True):
        body += chunk
        if len(body) > max_bytes and cut:
            return bytes(body[:max_bytes])
        if len(body) > max_bytes:
            raise SourceRefused(f"{host} sent an answer of over {max_bytes:,} bytes.")
        inquiry.check_time(host)
    return bytes(body)
