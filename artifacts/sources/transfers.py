"""Large bodies: streamed in chunks, resumed after a broken read, given up when they crawl."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from artifacts.exceptions import SourceMismatch, SourceUnavailable
from artifacts.limits import (
    CHUNK_BYTES,
    RETRY_AFTER_MAX_S,
    TRANSFER_CHECK_INTERVAL_S,
    TRANSFER_MAX_S,
    TRANSFER_MIN_BYTES_PER_S,
    TRANSFER_RESUMES_MAX,
)
from artifacts.sources.answers import judge
from artifacts.sources.base import Deadline
from artifacts.sources.destinations import shown
from artifacts.sources.http import Client
from artifacts.sources.retries import pause_before

logger = logging.getLogger(__name__)

_PARTIAL, _RANGE_UNSATISFIABLE = 206, 416


class Transfer:
    """One body on its way; `position` is how many bytes have been given out."""

    def __init__(
        self, client: Client, url: str, size_bytes: int | None, accept: str, start: int = 0
    ) -> None:
        """Prepare; nothing is asked for yet."""
        self._client = client
        self._url = client.url_of(url)
        self._host = urlsplit(self._url).hostname
        self._size_bytes = size_bytes
        self._accept = accept
        # None until the first answer: what was kept of an earlier transfer has no validator.
        self._validator: str | None = None
        self._pace = _Pace()
        self.position = start

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, asking for the rest again when it breaks off.

        Raises:
            SourceUnavailable: it broke off too often without progress, or crawls.
            SourceRefused: the source says no.
            SourceMismatch: more bytes than stated arrive.
        """
        failures = 0
        while True:
            before = self.position
            try:
                yield from self._attempt()
            except SourceUnavailable as error:
                failures = 1 if self.position > before else failures + 1
                pause_s = pause_before(failures + 1, error.retry_after_s)
                if failures > TRANSFER_RESUMES_MAX or pause_s is None or self._pace.is_too_slow:
                    raise
                logger.info("transfer.resumed", extra=self._where())
                time.sleep(min(pause_s, RETRY_AFTER_MAX_S))
                self._pace.count(0, pause_s)
            else:
                return

    def _attempt(self) -> Iterator[bytes]:
        """Ask for the rest of the body once."""
        headers = {"Accept": self._accept, "Accept-Encoding": "identity"}
        if self.position:
            headers["Range"] = f"bytes={self.position}-"
            if self._validator:
                # Without it, half of a file that has changed would be joined to another half.
                headers["If-Range"] = self._validator
        opened = self._client.open(self._url, headers, deadline=Deadline(TRANSFER_MAX_S))
        with opened as response:
            if response.status_code == _RANGE_UNSATISFIABLE and self._is_complete(response):
                return
            judge(response, ())
            skip = self._skip_for(response)
            self._validator = _validator(response)
            for chunk in self._arriving(response):
                if skip >= len(chunk):
                    skip -= len(chunk)
                    continue
                fresh, skip = chunk[skip:], 0
                self.position += len(fresh)
                if self._size_bytes is not None and self.position > self._size_bytes:
                    raise SourceMismatch(
                        f"{self._host} sends more than the {self._size_bytes:,} bytes that it "
                        "stated. Try again later."
                    )
                yield fresh
        if self._size_bytes is not None and self.position < self._size_bytes:
            raise SourceUnavailable(
                f"{self._host} ended a transfer after {self.position:,} of "
                f"{self._size_bytes:,} bytes. Try again later."
            )

    def _arriving(self, response: requests.Response) -> Iterator[bytes]:
        """Yield what arrives, in chunks of at most `CHUNK_BYTES`.

        Raises:
            SourceUnavailable: the connection broke, or the body only drips.
        """
        while True:
            asked_at = time.monotonic()
            try:
                # read1: what is there now. Waiting for whole chunks would hide a drip.
                chunk = response.raw.read1(CHUNK_BYTES)
            except (HTTPError, OSError) as error:
                raise SourceUnavailable(
                    f"{self._host} broke off a transfer. Try again later."
                ) from error
            if not chunk:
                return
            self._pace.count(len(chunk), time.monotonic() - asked_at)
            if self._pace.is_too_slow:
                raise SourceUnavailable(f"{self._host} sends too slowly. Try again later.")
            yield chunk

    def _is_complete(self, response: requests.Response) -> bool:
        """Whether there is nothing left to ask for, by the listing or by the answer's word."""
        if self._size_bytes is not None:
            return self.position == self._size_bytes
        return response.headers.get("content-range", "") == f"bytes */{self.position}"

    def _skip_for(self, response: requests.Response) -> int:
        """Return how many bytes of an answer were given out before.

        A server that knows no ranges, or whose file has changed, sends everything again.

        Raises:
            SourceMismatch: it sends another part than the one asked for, or another file.
        """
        if response.status_code != _PARTIAL:
            is_known = self.position and self._validator is not None
            if is_known and _validator(response) != self._validator:
                raise SourceMismatch(
                    f"{self._host} changed the file while it was fetched. Try again later."
                )
            return self.position
        stated = response.headers.get("content-range", "")
        if not stated.startswith(f"bytes {self.position}-"):
            raise SourceMismatch(
                f"{self._host} sent another part of the file than asked for. Try again later."
            )
        return 0

    def _where(self) -> dict[str, object]:
        """Return what the log says about this transfer."""
        return {"url": shown(self._url), "position": self.position}


def stream(
    client: Client,
    url: str,
    *,
    size_bytes: int | None = None,
    accept: str = "*/*",
    start: int = 0,
) -> Iterator[bytes]:
    """Yield the body at a URL in chunks of at most `CHUNK_BYTES`; see `Transfer.chunks`.

    Args:
        start: the bytes before it are not wanted. Whether they belong to the same file as what
            follows, only a digest tells.
    """
    return Transfer(client, url, size_bytes, accept, start).chunks()


def _validator(response: requests.Response) -> str:
    """Return what tells this state of a file from another, fit for If-Range; "" for nothing.

    A weak ETag promises the same meaning, not the same bytes.
    """
    etag = response.headers.get("etag", "")
    return etag if etag.startswith('"') else response.headers.get("last-modified", "")


class _Pace:
    """Watches how fast a body arrives, pauses included; what is done with it takes no time here.

    Attributes:
        is_too_slow: over one whole interval, too little arrived. It stays so.
    """

    def __init__(self) -> None:
        """Start the first interval."""
        self.is_too_slow = False
        self._received_bytes = 0
        self._waited_s = 0.0

    def count(self, received_bytes: int, waited_s: float) -> None:
        """Note what has arrived, and how long it took."""
        self._received_bytes += received_bytes
        self._waited_s += waited_s
        if self._waited_s >= TRANSFER_CHECK_INTERVAL_S:
            enough_bytes = TRANSFER_MIN_BYTES_PER_S * self._waited_s
            self.is_too_slow = self.is_too_slow or self._received_bytes < enough_bytes
            self._received_bytes, self._waited_s = 0, 0.0
