"""The local store's bytes over HTTP: signed links, ranges, uploads. S3 does all this by itself.

Plain Django views: the link is the credential, and the server sends files from their descriptor.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Any, BinaryIO

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from artifacts.api.conditions import (
    NOT_MODIFIED,
    PRECONDITION_FAILED,
    Validators,
    asked_range,
    precondition,
)
from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import (
    ContentTooLarge,
    InvalidRequest,
    LinkExpired,
    NotFound,
    ObjectMissing,
    PreconditionFailed,
    RangeNotSatisfiable,
    RegistryError,
)
from artifacts.limits import CHUNK_BYTES
from artifacts.rules.disposition import write_disposition
from artifacts.rules.values import whole_number
from artifacts.storage import content_types
from artifacts.storage.announced import write_exactly
from artifacts.storage.base import StoredObject
from artifacts.storage.keys import parse_blob_key
from artifacts.storage.links import read_download, read_part, read_upload
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store


def answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer the registry's errors as the API does."""

    @wraps(view)
    def wrapper(request: HttpRequest, **given: Any) -> HttpResponseBase:
        try:
            return view(request, **given)
        except RegistryError as error:
            answer = answer_error(error)
            if isinstance(error, RangeNotSatisfiable):
                answer["Content-Range"] = f"bytes */{error.size_bytes}"
            return answer

    return wrapper


@csrf_exempt
@answered
def serve_content(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send what a signed link names, whole or a range of it, or say that it is unchanged."""
    link = read_download(token)
    try:
        found = get_store().stat(link.key)
    except ObjectMissing as error:
        raise NotFound("What this link named was removed. Ask for the download again.") from error
    current = Validators(_etag(found), int(found.modified_at.timestamp()))
    refused = precondition(request.headers, current)
    if refused == PRECONDITION_FAILED:
        raise PreconditionFailed
    if refused == NOT_MODIFIED:
        return _validated(HttpResponseNotModified(), current)
    span = None
    if request.method == "GET":  # For HEAD, ranges are ignored (RFC 9110, section 14.2).
        span = asked_range(request.headers, current, found.size_bytes)
    start, end = span or (0, found.size_bytes)
    if span is not None and start >= end:
        raise RangeNotSatisfiable(found.size_bytes)
    response = _sent(request, found, start, end)
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{found.size_bytes}"
    response["Content-Length"] = str(end - start)
    response["Content-Type"] = link.content_type
    response["Content-Disposition"] = write_disposition(link.filename)
    response["Accept-Ranges"] = "bytes"
    return _validated(response, current)


@csrf_exempt
@answered
def receive_upload(request: HttpRequest, token: str) -> HttpResponseBase:
    """Store exactly the bytes that a signed link names."""
    link = read_upload(token)
    stated_bytes = whole_number(request.headers.get("Content-Length", ""))
    if stated_bytes is not None and stated_bytes > link.size_bytes:
        raise ContentTooLarge(f"{stated_bytes} bytes are sent; {link.size_bytes} were announced.")
    with get_store().writer(content_types.ZIP) as writer:
        sha256 = write_exactly(writer, link, _chunks(request), "file")
        writer.commit(link.key)
    return _received(link.size_bytes, sha256)


@csrf_exempt
@answered
def receive_part(request: HttpRequest, token: str) -> HttpResponseBase:
    """Store exactly the part that a signed link names."""
    link = read_part(token)
    parts = get_store().parts
    if not isinstance(parts, LocalParts):
        raise LinkExpired  # Signed while the registry still stored files on disk.
    try:
        sha256 = parts.receive(link, _chunks(request))
    except ObjectMissing as error:
        raise NotFound("This upload takes no more parts, or is gone. Announce it again.") from error
    return _received(link.size_bytes, sha256)


def _received(size_bytes: int, sha256: str) -> HttpResponseBase:
    """Say what arrived. Clients of S3 want the `ETag` of each part, to name it at the end."""
    answer = JsonResponse({"received_bytes": size_bytes}, status=201)
    answer["ETag"] = f'"{sha256}"'
    return answer


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body piece by piece.

    Raises:
        InvalidRequest: the client interrupted the request.
    """
    try:
        while chunk := request.read(CHUNK_BYTES):
            yield chunk
    except OSError as error:
        raise InvalidRequest("The upload broke off. Send the file again.") from error


def _sent(request: HttpRequest, found: StoredObject, start: int, end: int) -> HttpResponseBase:
    """Return an answer whose bytes the server sends by itself; no bytes for HEAD."""
    if request.method == "HEAD":
        return HttpResponse()
    file = get_store().open(found.key)
    file.seek(start)
    whole = start == 0 and end == found.size_bytes
    return FileResponse(file if whole else _Window(file, end - start))


def _validated(response: HttpResponseBase, current: Validators) -> HttpResponseBase:
    """Add the validators, which answers without content have as well."""
    response["ETag"] = current.etag
    response["Last-Modified"] = http_date(current.modified_s)
    return response


def _etag(found: StoredObject) -> str:
    """Return a strong validator: the digest of a blob, otherwise one of key, size and date."""
    if digest := parse_blob_key(found.key):
        return f'"{digest}"'
    text = f"{found.key}:{found.size_bytes}:{found.modified_at.timestamp()}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


class _Window:
    """A part of a file as a file object, so that no server can send more than the part.

    It is seekable, because waitress sends such files from its own thread and frees the request's;
    others are read in the request's thread, which a slow client could then occupy for long.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        """Begin at the file's current position."""
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
        """Return the position in the part where the next read begins."""
        return self._file.tell() - self._start

    def close(self) -> None:
        """Close the file."""
        self._file.close()
