"""What is shown of the places that a score rests on."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from artifacts.rules.page_urls import only_web_url
from artifacts.rules.rating.citation import Citation

# As many as distinguish commits; a link has all of them.
_COMMIT_SHOWN_CHARS = 12
# Of a moment in ISO 8601, as in 2026-11-29T22:00:00+00:00.
_DAY_CHARS = 10


@dataclass(frozen=True)
class CitationLine:
    """A place that a score rests on.

    Attributes:
        web_url: its page, "" where a page may lead nowhere, as to files of an upload.
        quote: the words, "" for none.
        place: the file, or else the address.
        as_of: which state of it was read, "" for unknown: a commit, or the state of a day.
    """

    web_url: str
    quote: str
    place: str
    as_of: str


def show_citation(citation: Citation) -> CitationLine:
    """Return what is shown of a place that a score rests on."""
    commit, day = citation.commit[:_COMMIT_SHOWN_CHARS], citation.read_at[:_DAY_CHARS]
    return CitationLine(
        web_url=_find_words(only_web_url(citation.url), citation.quote),
        quote=citation.quote,
        place=citation.path or citation.url,
        as_of=f"commit {commit}" if commit else f"read {day}" if day else "",
    )


def _find_words(web_url: str, quote: str) -> str:
    """Return an address that leads to the quoted words on the page.

    Browsers that do not find them, or do not look for them, show the page from its beginning.

    Source: WICG, URL Fragment Text Directives.
    """
    words = quote.removesuffix("…").strip()
    if not web_url or not words or "#" in web_url:
        return web_url
    # The hyphen has a meaning of its own there, and no encoder touches it.
    encoded = percent_encode(words, safe="").replace("-", "%2D")
    return f"{web_url}#:~:text={encoded}"
