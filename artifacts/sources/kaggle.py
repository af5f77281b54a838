"""Kaggle's pages of data sets; we store only a link, since downloads require an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused, Unreadable
from artifacts.limits import LISTED_SIZE_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.rules.documents import read_json
from artifacts.rules.patterns import Pattern
from artifacts.rules.reading import Readable, Reading, ReadState, keep_readings
from artifacts.rules.values import whole_number
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_ref, check_repository, kept
from artifacts.sources.http import Answer, Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.urls import parse_url

LINK_ONLY = (
    "Kaggle gives the files only to those who are signed in, so the registry keeps the link."
)
_ABSENT = 404
# Kaggle may refuse clients other than browsers; the link still works.
_CLOSED = (401, 403)
_REPOSITORY_SEGMENTS = 2
# What stands before owner and name: in pages, in the addresses that `curl` is told to fetch, and
# nothing in addresses of before 2020.
_PREFIXES = (
    ("datasets",),
    *(("api", "v1", "datasets", each) for each in ("download", "view", "list")),
)
# First path segments of Kaggle's other pages, which are no owners.
_OTHER_PAGES = frozenset((
    "about", "account", "api", "benchmarks", "blog", "c", "code", "competitions", "contact",
    "dataset", "datasets", "discussion", "discussions", "docs", "ds", "game-arena", "host",
    "kernels", "learn", "models", "notebooks", "organizations", "product-feedback", "progression",
    "rankings", "search", "settings", "static", "terms", "whats-new", "work", "writeups",
))  # fmt: skip
# Pages of a person, which are no data sets.
_PAGES_OF_PEOPLE = frozenset((
    "activity", "code", "competitions", "datasets", "discussion", "followers", "following",
    "models", "notebooks", "writeups",
))  # fmt: skip
_VERSIONS = ("version", "versions")
# What a page's description stands for.
_ON_PAGE: tuple[Readable, ...] = ("readme", "card", "license_file")
# Not an HTML parser: those that tolerate broken pages are very slow on some of them.
_TOKEN = Pattern(r"(?i)</?script|>")
_IS_JSON_LD = Pattern(r"""(?i)\stype\s*=\s*["']?application/ld\+json["'\s>]""")


class KaggleSource:
    """Implements `Source` for Kaggle."""

    kinds = (SourceKind.KAGGLE,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/datasets/OWNER/NAME`, or `/OWNER/NAME` as before 2020, and any page below.

        Raises:
            InvalidUrl: it is another page of Kaggle.
        """
        parsed = parse_url(url)
        if parsed.host != "kaggle.com":
            return None
        segments = parsed.segments
        prefix = next((each for each in _PREFIXES if segments[: len(each)] == each), ())
        named, pages = segments[len(prefix) :][:_REPOSITORY_SEGMENTS], segments[len(prefix) + 2 :]
        if len(named) < _REPOSITORY_SEGMENTS or (not prefix and _is_other_page(*named)):
            raise InvalidUrl(
                "The url names no data set. It should read like "
                "https://www.kaggle.com/datasets/OWNER/NAME."
            )
        ref = check_ref(_find_version(pages))
        return SourceReference(SourceKind.KAGGLE, check_repository(named), named[1], url, ref)

    def fetch_snapshot(self, reference: SourceReference, inquiry: Inquiry) -> Snapshot:
        """Read the page's description of itself (schema.org/Dataset, as JSON-LD).

        Raises:
            SourceUnavailable, SourceRefused: see `sources.base.Source`.
        """
        answer = _get_page(reference.repository, reference.ref, inquiry)
        if answer.status == _ABSENT:
            raise SourceRefused(f"Kaggle says that {reference.repository} does not exist.")
        facts = {} if answer.status in _CLOSED else kept(read_page(answer.text()))
        return Snapshot(
            reference=reference,
            commit="",
            files=(),
            readme=_text(facts.get("description")),
            license=_license(facts),
            facts={"page": facts, "size_bytes": _size_bytes(facts)}
            | keep_readings(dict.fromkeys(_ON_PAGE, _find_reading(facts, answer.status))),
            link_only_reason=LINK_ONLY,
        )

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; a page has no commit)
        files: Sequence[SourceFile],  # noqa: ARG002  (there are none)
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield nothing; never called, since the content is link-only."""
        raise SourceRefused(f"{reference.repository}: {LINK_ONLY}")


def _is_other_page(first: str, second: str) -> bool:
    """Whether a path of two parts is a page of Kaggle itself, or of a person."""
    return first in _OTHER_PAGES or second in _PAGES_OF_PEOPLE


def _find_version(pages: Sequence[str]) -> str:
    """Return the number of the version that a page is about; "" for the newest."""
    for page, number in pairwise(pages):
        if page in _VERSIONS and number.isdecimal():
            return number
    return ""


def _get_page(repository: str, version: str, inquiry: Inquiry) -> Answer:
    """Return a data set's page; that of the newest version if an old one has none of its own."""
    pages = [f"/versions/{version}", ""] if version else [""]
    for page in pages:
        answer = Client(settings.KAGGLE_URL).get(
            f"/datasets/{quote(repository)}{page}",
            inquiry=inquiry,
            accept="text/html",
            max_bytes=TEXT_FILE_MAX_BYTES,
            also=(_ABSENT, *_CLOSED),
            cut=True,
        )
        if answer.status != _ABSENT:
            break
    return answer


def _find_reading(facts: dict[str, Any], status: int) -> Reading:
    """Return how far a page's description was read, which is card and license alike."""
    if facts:
        return Reading(ReadState.READ)
    if status in _CLOSED:
        return Reading(ReadState.NOT_OPENED, reason="Kaggle shows the page to browsers only.")
    return Reading(ReadState.UNREADABLE, reason="The page describes itself in no known form.")


def _json_ld(page: str) -> Iterator[str]:
    """Yield the contents of a page's scripts of type JSON-LD."""
    attributes_at = text_at = 0
    for token in _TOKEN.finditer(page):
        match token[0].lower():
            case "<script" if not attributes_at:
                attributes_at = token.end()
            case ">" if attributes_at and not text_at:
                text_at = token.end()
            case "</script" if text_at:
                if _IS_JSON_LD.search(page[attributes_at:text_at]):
                    yield page[text_at : token.start()]
                attributes_at = text_at = 0


def read_page(page: str) -> dict[str, Any]:
    """Return a page's description of its data set (schema.org/Dataset); {} if it has none."""
    for text in _json_ld(page):
        try:
            data = read_json(text, "The page")
        except Unreadable:
            continue  # A page may have several scripts; the others may still be readable.
        for each in data if isinstance(data, list) else [data]:
            if isinstance(each, dict) and each.get("@type") == "Dataset":
                return each
    return {}


def _text(value: object) -> str:
    """Return a text, "" for any other value."""
    return value if isinstance(value, str) else ""


def _license(facts: dict[str, Any]) -> str:
    """Return the name of the license, "" for none or for Kaggle's "Unknown"."""
    stated = facts.get("license")
    name = _text(stated.get("name") if isinstance(stated, dict) else stated)
    return "" if name.lower() == "unknown" else name


def _size_bytes(facts: dict[str, Any]) -> int | None:
    """Return the size that the page states, None if it states none."""
    listed = facts.get("distribution")
    first = listed[0] if isinstance(listed, list) and listed else None
    stated = first.get("contentSize") if isinstance(first, dict) else None
    if not isinstance(stated, str) or not stated.endswith("bytes"):
        return None
    size_bytes = whole_number(stated.removesuffix("bytes").strip())
    return None if size_bytes is None else min(size_bytes, LISTED_SIZE_MAX_BYTES)
