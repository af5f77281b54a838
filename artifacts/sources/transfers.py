"""Streaming large bodies in chunks, resuming broken ones, giving up on very slow ones."""

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
from artifacts.sources.destinations import shown
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.retries import pause_before

logger = logging.getLogger(__name__)

_PARTIAL, _RANGE_UNSATISFIABLE = 206, 416


class Transfer:
    """The transfer of one body; `position` is how many bytes were yielded."""

    def __init__(
        self, client: Client, url: str, size_bytes: int | None, accept: str, start: int = 0
    ) -> None:
        """Prepare; nothing is requested yet."""
        self._client = client
        self._url = client.make_url(url)
        self._host = urlsplit(self._url).hostname
        self._size_bytes = size_bytes
        self._accept = accept
        # None until the first answer: bytes stored by an earlier transfer have no validator.
        self._validator: str | None = None
        self._pace = _Pace()
        self.position = start

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, requesting the rest again after an interruption.

        Raises:
            SourceUnavailable: it was interrupted too often without progress, or is too slow.
            SourceRefused: the source refuses the request.
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
        """Request the rest of the body once."""
        own = {"Accept": self._accept, "Accept-Encoding": "identity"}
        headers = {**self._client.headers, **own}
        if self.position:
            headers["Range"] = f"bytes={self.position}-"
            if self._validator:
                # Without it, halves of two states of a changed file would be joined.
                headers["If-Range"] = self._validator
        opened = self._client.open(self._url, headers, inquiry=Inquiry(TRANSFER_MAX_S))
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
            SourceUnavailable: the connection broke, or the body arrives too slowly.
        """
        while True:
            asked_at = time.monotonic()
            try:
                # read1 returns what has arrived. Waiting for whole chunks would hide a slow drip.
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
        """Whether nothing is left to request, according to the listing or to the answer."""
        if self._size_bytes is not None:
            return self.position == self._size_bytes
        return response.headers.get("content-range", "") == f"bytes */{self.position}"

    def _skip_for(self, response: requests.Response) -> int:
        """Return how many bytes of an answer were already yielded.

        A server that does not support ranges, or whose file has changed, sends everything again.

        Raises:
            SourceMismatch: it sends another range than requested, or another file.
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
        """Return the fields that describe this transfer in the log."""
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
        start: skip the bytes before it. Only a digest can tell whether they belong to the same
            file as the rest.
    """
    return Transfer(client, url, size_bytes, accept, start).chunks()


def _validator(response: requests.Response) -> str:
    """Return a validator of this state of a file for If-Range; "" if there is none.

    A weak ETag does not serve: it promises the same meaning, not the same bytes.
    """
    etag = response.headers.get("etag", "")
    return etag if etag.startswith('"') else response.headers.get("last-modified", "")


class _Pace:
    """Measures how fast a body arrives, pauses included, but not the time its reader takes.

    Attributes:
        is_too_slow: too little arrived during some whole interval. Never reset.
    """

    def __init__(self) -> None:
        """Start the first interval."""
        self.is_too_slow = False
        self._received_bytes = 0
        self._waited_s = 0.0

    def count(self, received_bytes: int, waited_s: float) -> None:
        """Count what has arrived, and how long it took."""
        self._received_bytes += received_bytes
        self._waited_s += waited_s
        if self._waited_s >= TRANSFER_CHECK_INTERVAL_S:
            enough_bytes = TRANSFER_MIN_BYTES_PER_S * self._waited_s
            self.is_too_slow = self.is_too_slow or self._received_bytes < enough_bytes
            self._received_bytes, self._waited_s = 0, 0.0
