"""A file at an https address of a host that the settings allow."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from artifacts.enums import SourceKind
from artifacts.exceptions import ArchiveRefused, InvalidUrl, SourceRefused
from artifacts.limits import LISTED_SIZE_MAX_BYTES
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.digest import Algorithm, Digest, parse_sha256
from artifacts.rules.parts import classify_part
from artifacts.rules.reading import ABSENT, Readable, Reading, ReadState, keep_readings
from artifacts.rules.values import whole_number
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.http import Answer, Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.transfers import stream
from artifacts.sources.urls import parse_url

_ABSENT = (404, 410)
_NO_HEAD = (403, 405, 501)
_PAGES = ("text/html", "application/xhtml+xml")
# Files that may hold a card, a configuration and a license.
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".nemo", ".mar")
_DESCRIBING: tuple[Readable, ...] = ("readme", "card", "config", "license_file")


class DirectSource:
    """Implements `Source` for single files. It comes last, since it claims any allowed host."""

    kinds = (SourceKind.DIRECT,)

    def parse(self, url: str) -> SourceReference | None:
        """Read an address that ends with a file's name.

        Raises:
            InvalidUrl: it is not https, or names no file.
        """
        parsed = parse_url(url)
        parts = urlsplit(parsed.address)
        if parsed.scheme != "https":
            raise InvalidUrl("A file is fetched over https only.")
        if not parsed.segments or parts.path.endswith("/"):
            raise InvalidUrl("The url names no file: its path ends with a slash.")
        name = parsed.segments[-1]
        if "/" in name:
            raise InvalidUrl("The url ends with a file name that holds an encoded slash.")
        try:
            check_member_path(name)
        except ArchiveRefused as error:
            raise InvalidUrl(f"The url ends with an unsafe file name. {error.message}") from error
        # A fragment does not change the file; nor do the case of the host or the standard port.
        canonical = urlunsplit(("https", parts.netloc, parts.path, parts.query, ""))
        return SourceReference(SourceKind.DIRECT, canonical, name, url)

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        """Fetch size, type and digest of the file.

        Raises:
            SourceUnavailable, SourceRefused: see `sources.base.Source`.
        """
        answer = _ask(reference.repository, inquiry)
        content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type in _PAGES:
            raise SourceRefused("The url leads to a page, not to a file. Give the file's address.")
        file = SourceFile(
            path=reference.name,
            size_bytes=_size_bytes(answer.headers),
            digest=stated_digest(answer.headers),
            part=classify_part(reference.name),
        )
        facts = {"content_type": content_type, "etag": answer.headers.get("etag", "")}
        facts |= keep_readings(dict.fromkeys(_DESCRIBING, _find_reading(reference.name)))
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


def _find_reading(name: str) -> Reading:
    """Return how far a card and the like were read: one file has none, but an archive may."""
    if not name.lower().endswith(_ARCHIVES):
        return ABSENT
    return Reading(ReadState.NOT_OPENED, name, f"{name} was not opened. Upload it as a zip.")


def stated_digest(headers: Mapping[str, str]) -> str:
    """Return `sha256:<hex>` if a server states it (RFC 9530, earlier RFC 3230), else ""."""
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
        if parse_sha256(digest) is not None:
            return str(Digest(Algorithm.SHA256, digest))
    return ""


def _ask(url: str, inquiry: Inquiry) -> Answer:
    """Return the file's headers; some servers only answer GET, whose body we do not read."""
    answer = _client(url).get(
        url, inquiry=inquiry, method="HEAD", accept="*/*", also=(*_ABSENT, *_NO_HEAD)
    )
    if answer.status in _NO_HEAD:
        answer = _client(url).get(
            url, inquiry=inquiry, accept="*/*", also=_ABSENT, max_bytes=1, cut=True
        )
    if answer.status in _ABSENT:
        host = urlsplit(url).hostname
        raise SourceRefused(f"{host} has no such file (status {answer.status}). Check the url.")
    return answer


def _client(url: str) -> Client:
    """Return a client that asks for a file uncompressed, as sizes and digests describe it."""
    parts = urlsplit(url)
    return Client(f"{parts.scheme}://{parts.netloc}", headers={"Accept-Encoding": "identity"})


def _size_bytes(headers: Mapping[str, str]) -> int | None:
    """Return the stated size, None if there is none or it cannot be right."""
    stated = headers.get("content-length", "")
    size_bytes = whole_number(stated)
    return size_bytes if size_bytes is not None and size_bytes <= LISTED_SIZE_MAX_BYTES else None
