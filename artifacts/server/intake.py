"""Reading requests: what may come is decided once the headers are there.

waitress hands a request on when its body is complete, so whatever it takes in, anybody can make it
take in. Here a body has to be short or announced: by a signed link, for just these bytes.
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
    """An error of ours, among those that waitress makes of requests itself."""

    def __init__(self, error: RegistryError) -> None:
        """Keep the error."""
        super().__init__(error.message)
        self.error = error


class Intake(HTTPRequestParser):  # type: ignore[misc]  # no types
    """A request on its way in.

    Attributes:
        began_at: when its first byte came, by the monotonic clock.
        is_judged: whether its headers are there and were found to be good.
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
        """Whether a signed link vouches for a long answer."""
        path = str(getattr(self, "path", ""))
        if not path.startswith(DOWNLOADS_PATH):
            return False
        try:
            read_download(path.removeprefix(DOWNLOADS_PATH))
        except RegistryError:
            return False
        return True

    def received(self, data: bytes) -> int:
        """Take in bytes; returns how many of them belong to this request."""
        try:
            consumed: int = super().received(data)
        except ValueError:
            # An address or a number that Python itself cannot read.
            self._refuse(InvalidRequest("The request is malformed."))
        except OSError:
            self._refuse(StorageFull("There is no room for the body. Try again later."))
        if self.error is not None:
            self._end()
        elif not self.is_judged and self.headers_finished and not self.empty:
            self._judge()
        elif self.chunked:
            self._watch_chunks()
        # Behind a request that was refused nothing is read: nobody knows where it ends.
        return len(data) if self.error is not None else consumed

    def _judge(self) -> None:
        """Refuse what is not to be read, as soon as the headers are there."""
        self.is_judged = True
        if self.proxy_netloc:
            # A target that names a host goes before the header (RFC 9112 section 3.2.2).
            self.headers["HOST"] = self.proxy_netloc
        has_coding = self.chunked or "TRANSFER_ENCODING" in self.headers
        if has_coding and (not self.chunked or "CONTENT_LENGTH" in self.headers):
            # Two servers in a row may take different ends for the body's, and the rest for a
            # request of somebody else (request smuggling, RFC 9112 section 11.2).
            self._refuse(InvalidRequest("Send either a Content-Length or, in HTTP/1.1, chunks."))
            return
        if self.completed:  # It has no body, so nobody waits for permission to send one.
            self.expect_continue = False
            return
        try:
            announced_bytes = _announced_bytes(self.command, self.path)
        except RegistryError as error:
            self._refuse(error)
            return
        if announced_bytes is not None:
            self.is_announced, self._body_max_bytes = True, announced_bytes
        if self.content_length > self._body_max_bytes:
            self._refuse(self._too_large())

    def _watch_chunks(self) -> None:
        """Refuse more than may come, where nobody said before how much that will be."""
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
        """Return what is wrong with a body that is longer than it may be."""
        if self.is_announced:
            return ContentTooLarge(
                f"More than the announced {self._body_max_bytes:,} bytes are sent."
            )
        return ContentTooLarge(
            f"The body is longer than {self._body_max_bytes:,} bytes. Send files by /uploads."
        )

    def _refuse(self, error: RegistryError) -> None:
        """Take in no more, and let the connection answer with an error."""
        self.error = Refusal(error)
        self._end()

    def _end(self) -> None:
        """Be complete; waitress would ask for the body of a request that it refuses."""
        self.completed = self.headers_finished = True
        self.expect_continue = False


def in_our_words(error: Error) -> RegistryError | None:
    """Return an error of waitress or ours; None where waitress reports a crash."""
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
    """Return how many bytes the signed link in a path stands for; None if there is no such link.

    Raises:
        LinkExpired: the link's time is over, or it was not signed here.
    """
    if command != "PUT" or not path.startswith(UPLOADS_PATH):
        return None
    try:
        # waitress has the bytes of a path as Latin-1; a signed link has ASCII only.
        match = resolve(path)
    except Resolver404:
        return None
    reader = _READERS.get(match.url_name or "")
    return None if reader is None else reader(match.kwargs["token"]).size_bytes
