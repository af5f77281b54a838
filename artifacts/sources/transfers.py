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
from artifacts.sources.base import Deadline
from artifacts.sources.http import Client, judge
from artifacts.sources.retries import pause_before

logger = logging.getLogger(__name__)

_PARTIAL, _RANGE_UNSATISFIABLE = 206, 416


class Transfer:
    """One body on its way; `position` is how many bytes have been given out."""

    def __init__(self, client: Client, url: str, size_bytes: int | None, accept: str) -> None:
        """Prepare; nothing is asked for yet."""
        self._client = client
        self._url = url if "://" in url else client.base_url + url
        self._size_bytes = size_bytes
        self._accept = accept
        self._etag = ""
        self.position = 0

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
                if failures > TRANSFER_RESUMES_MAX or pause_s is None:
                    raise
                logger.info("transfer.resumed", extra={"url": self._url, "position": self.position})
                time.sleep(min(pause_s, RETRY_AFTER_MAX_S))
            else:
                return

    def _attempt(self) -> Iterator[bytes]:
        """Ask for the rest of the body once."""
        headers = {"Accept": self._accept, "Accept-Encoding": "identity"}
        if self.position:
            headers["Range"] = f"bytes={self.position}-"
            if self._etag:
                # Without it, half of a file that has changed would be joined to another half.
                headers["If-Range"] = self._etag
        opened = self._client.open(self._url, headers, deadline=Deadline(TRANSFER_MAX_S))
        with opened as response:
            if response.status_code == _RANGE_UNSATISFIABLE and self._is_complete():
                return
            judge(response, ())
            skip = self._skip_for(response)
            etag = response.headers.get("etag", "")
            self._etag = etag if etag.startswith('"') else ""
            for chunk in _paced(response):
                if skip >= len(chunk):
                    skip -= len(chunk)
                    continue
                fresh, skip = chunk[skip:], 0
                self.position += len(fresh)
                if self._size_bytes is not None and self.position > self._size_bytes:
                    raise SourceMismatch(
                        f"{urlsplit(self._url).hostname} sends more than the "
                        f"{self._size_bytes:,} bytes that it stated."
                    )
                yield fresh
        if self._size_bytes is not None and self.position < self._size_bytes:
            raise SourceUnavailable(
                f"{urlsplit(self._url).hostname} ended a transfer after {self.position:,} of "
                f"{self._size_bytes:,} bytes. Try again later."
            )

    def _is_complete(self) -> bool:
        """Whether there is nothing left to ask for."""
        return self._size_bytes is not None and self.position == self._size_bytes

    def _skip_for(self, response: requests.Response) -> int:
        """Return how many bytes of an answer were given out before.

        A server that knows no ranges, or whose file has changed, sends everything again.

        Raises:
            SourceMismatch: it sends another part than the one asked for.
        """
        if response.status_code != _PARTIAL:
            return self.position
        stated = response.headers.get("content-range", "")
        if not stated.startswith(f"bytes {self.position}-"):
            raise SourceMismatch(
                f"{urlsplit(self._url).hostname} sent another part of the file than asked for."
            )
        return 0


def stream(
    client: Client, url: str, *, size_bytes: int | None = None, accept: str = "*/*"
) -> Iterator[bytes]:
    """Yield the body at a URL in chunks of at most `CHUNK_BYTES`; see `Transfer.chunks`."""
    return Transfer(client, url, size_bytes, accept).chunks()


def _paced(response: requests.Response) -> Iterator[bytes]:
    """Yield what arrives, and give up a body that only drips.

    Raises:
        SourceUnavailable: the connection broke, or was too slow over a whole interval.
    """
    host = urlsplit(response.url).hostname
    started, received = time.monotonic(), 0
    while True:
        try:
            # read1: what is there now, up to a chunk. Waiting for whole chunks would hide a drip.
            chunk = response.raw.read1(CHUNK_BYTES)
        except (HTTPError, OSError) as error:
            raise SourceUnavailable(f"{host} broke off a transfer. Try again later.") from error
        if not chunk:
            return
        received += len(chunk)
        now = time.monotonic()
        if now - started > TRANSFER_CHECK_INTERVAL_S:
            if received < TRANSFER_MIN_BYTES_PER_S * (now - started):
                raise SourceUnavailable(f"{host} sends too slowly. Try again later.")
            started, received = now, 0
        yield chunk
