"""Reads requests, and decides what to accept as soon as the headers have arrived.

waitress passes a request on only when its body is complete, so anybody could make it store whatever
it accepts. Here a body must be short, or announced by a signed link for exactly its bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, resolve
from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest, Error

from artifacts.exceptions import (
    ContentTooLarge,
    HeadersTooLarge,
    InvalidRequest,
    RegistryError,
    StorageFull,
)
from artifacts.limits import (
    CHUNK_LINE_MAX_BYTES,
    CHUNKED_OVERHEAD_FACTOR,
    HEADERS_MAX_BYTES,
    REQUEST_BODY_MAX_BYTES,
    TRAILER_MAX_BYTES,
)
from artifacts.routes import body_max_bytes
from artifacts.storage.links import (
    DOWNLOADS_PATH,
    UPLOADS_PATH,
    PartLink,
    UploadLink,
    read_download,
    read_part,
    read_upload,
)

_READERS: dict[str, Callable[[str], UploadLink | PartLink]] = {
    "upload-content": read_upload,
    "upload-part-content": read_part,
}


class Refusal(Error):  # type: ignore[misc]  # no types
    """Carries our error in the form of waitress's own errors."""

    def __init__(self, error: RegistryError) -> None:
        """Keep the error."""
        super().__init__(error.message)
        self.error = error


class Intake(HTTPRequestParser):  # type: ignore[misc]  # no types
    """A request that is being read.

    Attributes:
        began_at: when its first byte arrived, by the monotonic clock.
        is_judged: whether its headers have arrived and were accepted.
        is_announced: whether a signed link vouches for its body.
    """

    def __init__(self, adj: Any) -> None:
        """Begin with nothing."""
        super().__init__(adj)
        self.began_at = time.monotonic()
        self.is_judged = False
        self.is_announced = False
        self._body_max_bytes = REQUEST_BODY_MAX_BYTES
        self.error: Error | None = None

    @property
    def asks_for_file(self) -> bool:
        """Say whether a signed link vouches for a long answer."""
        path = str(getattr(self, "path", ""))
        if not path.startswith(DOWNLOADS_PATH):
            return False
        try:
            read_download(path.removeprefix(DOWNLOADS_PATH))
        except RegistryError:
            return False
        return True

    def received(self, data: bytes) -> int:
        """Read bytes; return how many of them belong to this request."""
        try:
            consumed: int = super().received(data)
        except ValueError:
            # A URL or a number that Python cannot parse.
            self._refuse(InvalidRequest("The request is malformed."))
        except OSError:
            self._refuse(StorageFull("There is no room for the body. Try again later."))
        if self.error is not None:
            self._end()
        elif not self.is_judged and self.headers_finished and not self.empty:
            self._judge()
        elif self.chunked:
            self._watch_chunks()
        # Nothing after a refused request is read, because its end is unknown.
        return len(data) if self.error is not None else consumed

    def _judge(self) -> None:
        """Refuse what must not be read, as soon as the headers have arrived."""
        self.is_judged = True
        if self.proxy_netloc:
            # A host in the request target overrides the header (RFC 9112 section 3.2.2).
            self.headers["HOST"] = self.proxy_netloc
        has_coding = self.chunked or "TRANSFER_ENCODING" in self.headers
        if has_coding and (not self.chunked or "CONTENT_LENGTH" in self.headers):
            # Two servers in a row may disagree on the body's end, and take the rest for another
            # user's request (request smuggling, RFC 9112 section 11.2).
            self._refuse(InvalidRequest("Send either a Content-Length or, in HTTP/1.1, chunks."))
            return
        if self.completed:  # There is no body, so the client waits for no permission to send one.
            self.expect_continue = False
            return
        try:
            announced_bytes = _announced_bytes(self.command, self.path)
        except RegistryError as error:
            self._refuse(error)
            return
        if announced_bytes is not None:
            self.is_announced, self._body_max_bytes = True, announced_bytes
        elif self.chunked or self.content_length > self._body_max_bytes:
            self._body_max_bytes = body_max_bytes(self.command, self.path)
        if self.content_length > self._body_max_bytes:
            self._refuse(self._too_large())

    def _watch_chunks(self) -> None:
        """Refuse a body that grows too long without having stated its length."""
        most = self._body_max_bytes
        sent_max = most * CHUNKED_OVERHEAD_FACTOR + HEADERS_MAX_BYTES
        if len(self.body_rcv) > most or self.body_bytes_received > sent_max:
            self._refuse(self._too_large())
        elif (
            len(self.body_rcv.control_line) > CHUNK_LINE_MAX_BYTES
            or len(self.body_rcv.trailer) > TRAILER_MAX_BYTES
        ):
            self._refuse(InvalidRequest("A chunk of the body is malformed."))

    def _too_large(self) -> RegistryError:
        """Return the error for a body that is too long."""
        if self.is_announced:
            return ContentTooLarge(
                f"More than the announced {self._body_max_bytes:,} bytes are sent."
            )
        return ContentTooLarge(
            f"The body is longer than {self._body_max_bytes:,} bytes. Send files by /uploads."
        )

    def _refuse(self, error: RegistryError) -> None:
        """Read no more, and let the connection answer with an error."""
        self.error = Refusal(error)
        self._end()

    def _end(self) -> None:
        """Mark the request complete; otherwise waitress would ask for the body that it refuses."""
        self.completed = self.headers_finished = True
        self.expect_continue = False


def in_our_words(error: Error) -> RegistryError | None:
    """Translate an error of waitress to ours; None if waitress reports a crash."""
    if isinstance(error, Refusal):
        return error.error
    if error.code == 431:  # noqa: PLR2004  (Request Header Fields Too Large)
        return HeadersTooLarge(HEADERS_MAX_BYTES)
    if error.code == 413:  # noqa: PLR2004  (Content Too Large)
        return ContentTooLarge("The body is too large. Send files by /uploads.")
    if isinstance(error, BadRequest) or error.code == 501:  # noqa: PLR2004  (Not Implemented)
        return InvalidRequest("The request is malformed.")
    return None


def _announced_bytes(command: str, path: str) -> int | None:
    """Return how many bytes the signed link in a path announces; None if there is no such link.

    Raises:
        LinkExpired: the link has expired, or this registry did not sign it.
    """
    if command != "PUT" or not path.startswith(UPLOADS_PATH):
        return None
    try:
        # waitress decodes the bytes of a path as Latin-1; a signed link is ASCII only.
        match = resolve(path)
    except Resolver404:
        return None
    reader = _READERS.get(match.url_name or "")
    return None if reader is None else reader(match.kwargs["token"]).size_bytes
