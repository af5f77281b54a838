"""Kaggle data-set pages: a link, since the bytes want an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused, Unreadable
from artifacts.limits import LISTED_SIZE_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.rules.documents import read_json
from artifacts.rules.patterns import Pattern
from artifacts.rules.values import whole_number
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import check_repository, kept
from artifacts.sources.http import Client
from artifacts.sources.urls import parse_url

LINK_ONLY = (
    "Kaggle gives the files only to those who are signed in, so the registry keeps the link."
)
_ABSENT = 404
# Kaggle may want to see a browser; the link is as good as before.
_CLOSED = (401, 403)
_PAGE_SEGMENTS = 3
# Not a parser of HTML: one that is kind to broken pages takes long over some of them.
_TOKEN = Pattern(r"(?i)</?script|>")
_IS_JSON_LD = Pattern(r"""(?i)\stype\s*=\s*["']?application/ld\+json["'\s>]""")


class KaggleSource:
    """Implements `Source` for Kaggle."""

    kinds = (SourceKind.KAGGLE,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `/datasets/OWNER/NAME`.

        Raises:
            InvalidUrl: it is another page of Kaggle.
        """
        parsed = parse_url(url)
        if parsed.host != "kaggle.com":
            return None
        if len(parsed.segments) < _PAGE_SEGMENTS or parsed.segments[0] != "datasets":
            raise InvalidUrl(
                "The url names no data set. It should read like "
                "https://www.kaggle.com/datasets/OWNER/NAME."
            )
        _, owner, name = parsed.segments[:_PAGE_SEGMENTS]
        return SourceReference(SourceKind.KAGGLE, check_repository((owner, name)), name, url)

    def fetch_snapshot(self, reference: SourceReference, deadline: Deadline) -> Snapshot:
        """Read what the page says about itself (schema.org/Dataset, as JSON-LD).

        Raises:
            SourceUnavailable, SourceRefused: see `sources.base.Source`.
        """
        answer = Client(settings.KAGGLE_URL).get(
            f"/datasets/{quote(reference.repository)}",
            deadline=deadline,
            accept="text/html",
            max_bytes=TEXT_FILE_MAX_BYTES,
            also=(_ABSENT, *_CLOSED),
            cut=True,
        )
        if answer.status == _ABSENT:
            raise SourceRefused(f"Kaggle says that {reference.repository} does not exist.")
        facts = {} if answer.status in _CLOSED else kept(read_page(answer.text()))
        return Snapshot(
            reference=reference,
            commit="",
            files=(),
            readme=_text(facts.get("description")),
            license=_license(facts),
            facts={"page": facts, "size_bytes": _size_bytes(facts)},
            link_only_reason=LINK_ONLY,
        )

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; a page has no commit)
        files: Sequence[SourceFile],  # noqa: ARG002  (there are none)
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield nothing; nobody asks, since the content is link-only."""
        raise SourceRefused(f"{reference.repository}: {LINK_ONLY}")


def _json_ld(page: str) -> Iterator[str]:
    """Yield the JSON-LD of a page: what stands in scripts that say that they are that."""
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
    """Return a page's description of its data set (schema.org/Dataset); {} when it has none."""
    for text in _json_ld(page):
        try:
            data = read_json(text, "The page")
        except Unreadable:
            continue  # A page may have several; one that is broken says nothing about the others.
        for each in data if isinstance(data, list) else [data]:
            if isinstance(each, dict) and each.get("@type") == "Dataset":
                return each
    return {}


def _text(value: object) -> str:
    """Return a text; "" for what is none."""
    return value if isinstance(value, str) else ""


def _license(facts: dict[str, Any]) -> str:
    """Return the license's name; "" for none and for Kaggle's "Unknown"."""
    stated = facts.get("license")
    name = _text(stated.get("name") if isinstance(stated, dict) else stated)
    return "" if name.lower() == "unknown" else name


def _size_bytes(facts: dict[str, Any]) -> int | None:
    """Return the size that the page states, None when it states none."""
    listed = facts.get("distribution")
    first = listed[0] if isinstance(listed, list) and listed else None
    stated = first.get("contentSize") if isinstance(first, dict) else None
    if not isinstance(stated, str) or not stated.endswith("bytes"):
        return None
    size_bytes = whole_number(stated.removesuffix("bytes").strip())
    return None if size_bytes is None else min(size_bytes, LISTED_SIZE_MAX_BYTES)
