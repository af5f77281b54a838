"""The local store's bytes over HTTP: signed links, ranges, uploads. With S3, S3 does all this.

Plain Django views: the link is the credential, and the server sends files from their descriptor.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Any, BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.csrf import csrf_exempt

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import (
    ContentTooLarge,
    InvalidRequest,
    LinkExpired,
    MethodNotAllowed,
    NotFound,
    ObjectMissing,
    RegistryError,
)
from artifacts.limits import CHUNK_BYTES
from artifacts.rules.values import whole_number
from artifacts.storage.base import StoredObject
from artifacts.storage.links import disposition, read_download, read_part, read_upload
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store

# No file is longer than this number of digits can say.
_POSITION_MAX_DIGITS = 19


def _answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer the registry's errors as the API does."""

    @wraps(view)
    def wrapper(request: HttpRequest, **given: Any) -> HttpResponseBase:
        try:
            return view(request, **given)
        except RegistryError as error:
            return answer_error(error)

    return wrapper


@_answered
def serve_content(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hand out what a signed link names, whole or a range of it."""
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(request.method or "", ("GET", "HEAD"))
    link = read_download(token)
    store = get_store()
    try:
        found = store.stat(link.key)
    except ObjectMissing as error:
        raise NotFound("What this link named was removed. Ask for the download again.") from error
    span = _span(request, found)
    if span is None:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{found.size_bytes}"
        return answer
    start, end = span
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse()
    else:
        file = store.open(link.key)
        file.seek(start)
        whole = start == 0 and end == found.size_bytes
        response = FileResponse(file if whole else _Window(file, end - start))
    if end - start != found.size_bytes:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{found.size_bytes}"
    response["Content-Length"] = str(end - start)
    response["Content-Type"] = link.content_type
    response["Content-Disposition"] = disposition(link.filename)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _etag(found)
    response["Last-Modified"] = http_date(found.modified_at.timestamp())
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@_answered
def receive_upload(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take in exactly the bytes that a signed link names."""
    if request.method != "PUT":
        raise MethodNotAllowed(request.method or "", ("PUT",))
    link = read_upload(token)
    stated_bytes = whole_number(request.headers.get("Content-Length", ""))
    if stated_bytes is not None and stated_bytes > link.size_bytes:
        raise ContentTooLarge(f"{stated_bytes} bytes are sent; {link.size_bytes} were announced.")
    sha256 = hashlib.sha256()
    received = 0
    with get_store().writer("application/zip") as writer:
        for chunk in _chunks(request):
            received += len(chunk)
            if received > link.size_bytes:
                raise ContentTooLarge(f"More than the announced {link.size_bytes} bytes arrive.")
            sha256.update(chunk)
            writer.write(chunk)
        if received != link.size_bytes or sha256.hexdigest() != link.sha256:
            raise InvalidRequest(
                f"{received} bytes with the SHA-256 {sha256.hexdigest()} arrived; announced were "
                f"{link.size_bytes} with {link.sha256}. Send the file again."
            )
        writer.commit(link.key)
    return JsonResponse({"received_bytes": received}, status=201)


@csrf_exempt
@_answered
def receive_part(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take in exactly the part that a signed link names."""
    if request.method != "PUT":
        raise MethodNotAllowed(request.method or "", ("PUT",))
    link = read_part(token)
    parts = get_store().parts
    if not isinstance(parts, LocalParts):
        raise LinkExpired  # Signed while the registry still kept its files on disk.
    try:
        parts.receive(link, _chunks(request))
    except ObjectMissing as error:
        raise NotFound("This upload takes no more parts, or is gone. Announce it again.") from error
    return JsonResponse({"received_bytes": link.size_bytes}, status=201)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body without holding it.

    Raises:
        InvalidRequest: the client broke off.
    """
    try:
        while chunk := request.read(CHUNK_BYTES):
            yield chunk
    except OSError as error:
        raise InvalidRequest("The upload broke off. Send the file again.") from error


def _span(request: HttpRequest, found: StoredObject) -> tuple[int, int] | None:
    """Return the first byte and the end of what is asked for; None when there is no such part."""
    whole = (0, found.size_bytes)
    first, last = _asked_range(request.headers.get("Range", ""))
    if not (first or last) or not _is_unchanged(request, found):
        return whole
    if not first:
        start, end = max(0, found.size_bytes - int(last)), found.size_bytes
    else:
        start = int(first)
        end = min(int(last) + 1, found.size_bytes) if last else found.size_bytes
    if first and last and int(last) < int(first):
        return whole  # malformed, and so ignored (RFC 9110 section 14.1.1)
    return (start, end) if start < end else None


def _asked_range(header: str) -> tuple[str, str]:
    """Return first and last position as digits, "" for one that is left out; twice "" for no range.

    Several ranges at once are answered whole, as RFC 9110 section 14.2 allows.
    """
    first, _, last = header.removeprefix("bytes=").partition("-")
    is_range = header.startswith("bytes=") and "-" in header
    for position in (first, last):
        is_number = position.isascii() and position.isdecimal()
        if len(position) > _POSITION_MAX_DIGITS or not (is_number or not position):
            is_range = False
    return (first, last) if is_range else ("", "")


def _is_unchanged(request: HttpRequest, found: StoredObject) -> bool:
    """Whether a range may be joined to what the client has (RFC 9110 section 13.1.5)."""
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    if condition.startswith('"'):
        return condition == _etag(found)
    return parse_http_date_safe(condition) == int(found.modified_at.timestamp())


def _etag(found: StoredObject) -> str:
    """Return a strong validator: written once, an object is known by key, size and date."""
    text = f"{found.key}:{found.size_bytes}:{found.modified_at.timestamp()}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


class _Window:
    """A part of a file, as a file of its own: no server can send more of it.

    It can be sought, because waitress sends such files from its own thread and leaves the request's
    free; others it reads here, and a slow client would hold a thread for as long as it likes.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        """Begin where the file stands."""
        self._file: IO[bytes] = file
        self._start = file.tell()
        self._size_bytes = size_bytes

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes of the part."""
        left = max(0, self._size_bytes - self.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move within the part."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size_bytes}
        return self._file.seek(self._start + base[whence] + offset) - self._start

    def tell(self) -> int:
        """Return where in the part the next read begins."""
        return self._file.tell() - self._start

    def close(self) -> None:
        """Close the file."""
        self._file.close()
