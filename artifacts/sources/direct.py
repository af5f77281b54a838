"""A file at an https address of a host that the settings allow."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import ArchiveRefused, InvalidUrl, SourceRefused
from artifacts.limits import LISTED_SIZE_MAX_BYTES
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.parts import part_of
from artifacts.rules.values import is_hexadecimal, whole_number
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.sources.http import Answer, Client
from artifacts.sources.transfers import stream
from artifacts.sources.urls import parse_url

_ABSENT = (404, 410)
_NO_HEAD = (403, 405, 501)
_PAGES = ("text/html", "application/xhtml+xml")


class DirectSource:
    """Implements `Source` for single files. It comes last: it takes any host that is allowed."""

    kinds = (SourceKind.DIRECT,)

    def parse(self, url: str) -> SourceReference | None:
        """Read an address that ends with a file's name.

        Raises:
            InvalidUrl: it is not https, or names no file.
        """
        parsed = parse_url(url)
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise InvalidUrl("A file is fetched over https only.")
        if not parsed.segments or parts.path.endswith("/"):
            raise InvalidUrl("The url names no file: its path ends with a slash.")
        name = parsed.segments[-1]
        try:
            check_member_path(name)
        except ArchiveRefused as error:
            raise InvalidUrl(f"The url ends with an unsafe file name. {error.message}") from error
        # A fragment is for the reader of a page; host names know no case and no standard port.
        host = (parts.hostname or "").rstrip(".")
        canonical = urlunsplit(("https", host, parts.path, parts.query, ""))
        return SourceReference(SourceKind.DIRECT, canonical, name, url)

    def fetch_snapshot(self, reference: SourceReference, deadline: Deadline) -> Snapshot:
        """Ask for size, type and digest of the file.

        Raises:
            SourceUnavailable, SourceRefused: see `sources.base.Source`.
        """
        answer = _ask(reference.repository, deadline)
        content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type in _PAGES:
            raise SourceRefused("The url leads to a page, not to a file. Give the file's address.")
        file = SourceFile(
            path=reference.name,
            size_bytes=_size_bytes(answer.headers),
            digest=stated_digest(answer.headers),
            part=Part(part_of(reference.name)),
        )
        facts = {"content_type": content_type, "etag": answer.headers.get("etag", "")}
        return Snapshot(reference=reference, commit="", files=(file,), facts=facts)

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; a file has no commit)
        files: Sequence[SourceFile],
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield the file with its bytes."""
        for file in files:
            client = _client(reference.repository)
            yield (
                file,
                stream(client, reference.repository, size_bytes=file.size_bytes, start=file.start),
            )


def stated_digest(headers: Mapping[str, str]) -> str:
    """Return `sha256:<hex>` where a server states it (RFC 9530, earlier RFC 3230), else ""."""
    stated = headers.get("repr-digest", "") or headers.get("digest", "")
    for each in stated.split(","):
        name, _, value = each.strip().partition("=")
        if name.lower() != "sha-256":
            continue
        encoded = value.partition(";")[0].strip().removeprefix(":").removesuffix(":")
        try:
            digest = base64.b64decode(encoded, validate=True).hex()
        except (binascii.Error, ValueError):
            continue
        if is_hexadecimal(digest, 64):
            return f"sha256:{digest}"
    return ""


def _ask(url: str, deadline: Deadline) -> Answer:
    """Return the file's headers; some servers answer only GET, whose body is not waited for."""
    answer = _client(url).get(
        url, deadline=deadline, method="HEAD", accept="*/*", also=(*_ABSENT, *_NO_HEAD)
    )
    if answer.status in _NO_HEAD:
        answer = _client(url).get(
            url, deadline=deadline, accept="*/*", also=_ABSENT, max_bytes=1, cut=True
        )
    if answer.status in _ABSENT:
        host = urlsplit(url).hostname
        raise SourceRefused(f"{host} has no such file (status {answer.status}). Check the url.")
    return answer


def _client(url: str) -> Client:
    """Return a client for one file, whose own bytes are asked for: sizes and digests are theirs."""
    parts = urlsplit(url)
    return Client(f"{parts.scheme}://{parts.netloc}", headers={"Accept-Encoding": "identity"})


def _size_bytes(headers: Mapping[str, str]) -> int | None:
    """Return the stated size, None when there is none that can be right."""
    stated = headers.get("content-length", "")
    size_bytes = whole_number(stated)
    return size_bytes if size_bytes is not None and size_bytes <= LISTED_SIZE_MAX_BYTES else None
