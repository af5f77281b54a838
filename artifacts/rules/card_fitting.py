"""Fitting a card's HTML into a page: headings, links, images, tables.

Takes well-formed HTML, as nh3 leaves it, and gives HTML that is cleaned once more; nothing here
makes text safe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser  # noqa: TID251  (nh3 wrote what it reads, so nothing is broken)
from urllib.parse import unquote

from artifacts.limits import CARD_HEADINGS_SHOWN_MAX, LINK_MAX_CHARS
from artifacts.rules.letters import spell_out_unseen
from artifacts.rules.names import in_hyphens

# Ids of a card begin with it, so that none is one of the page's own.
ANCHOR_PREFIX = "card-"
_ANCHOR_MAX_CHARS = 60
# A page has h1, and its panel of the card h2.
_TOP_LEVEL = 3
_LOWEST_LEVEL = 6
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_VOID = frozenset(("br", "hr"))
# A cell over a hundred columns or rows stands in no table that people read.
_SPAN_MAX_DIGITS = 2
_BOX = '<div class="registry-scroll" role="group" tabindex="0" aria-label="Table">'


@dataclass(frozen=True)
class Heading:
    """A heading of a card.

    Attributes:
        level: 1 for the highest that it has, then 2, ...
        anchor: the id that it has on the page.
    """

    level: int
    anchor: str
    words: str


@dataclass
class _OpenHeading:
    """A heading whose end has not come."""

    place: int
    level: int
    words: list[str]


class Fitting(HTMLParser):
    """Fits one card into a page."""

    def __init__(self, spend: Callable[[], None]) -> None:
        """Begin.

        Args:
            spend: called now and then; raises where it takes too long.
        """
        super().__init__(convert_charrefs=True)
        self.headings: list[Heading] = []
        self._spend = spend
        self._out: list[str] = []
        # For each open tag of the card, what ends it on the page.
        self._open: list[tuple[str, str]] = []
        self._heading: _OpenHeading | None = None
        self._levels: list[tuple[int, int]] = []
        self._anchors: dict[str, int] = {}
        self._inside: list[tuple[int, str]] = []
        self._links = self._tables = 0

    def fit(self, html: str) -> str:
        """Return the HTML as the page shows it."""
        self.feed(html)
        self.close()
        for place, fragment in self._inside:
            known = fragment in self._anchors
            self._out[place] = f' href="#{ANCHOR_PREFIX}{escape(fragment)}"' if known else ""
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag as the page has it."""
        self._spend()
        values = {name: value or "" for name, value in attrs}
        if tag == "img":
            self._add_image(values)
        elif tag in _VOID:
            self._out.append(f"<{tag}>")
        elif tag in _HEADINGS:
            self._open_heading(int(tag[1]), tag)
        elif tag == "a":
            self._open_link(values.get("href", ""))
        elif tag == "table" and not self._tables:
            self._tables += 1
            self._add_tag("table", f"{_BOX}<table>", "</table></div>")
        else:
            self._tables += tag == "table"
            self._add_tag(tag, f"<{tag}{_list_attributes(tag, values)}>", f"</{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        if tag in _VOID or not self._open or self._open[-1][0] != tag:
            return
        _, end = self._open.pop()
        self._links -= tag == "a"
        self._tables -= tag == "table"
        if tag in _HEADINGS and end == "heading":
            self._close_heading()
        else:
            self._out.append(end)

    def handle_data(self, data: str) -> None:
        """Keep the words; those of a link with the code of each letter that would deceive."""
        words = spell_out_unseen(data) if self._links else data
        if self._heading is not None:
            self._heading.words.append(words)
        self._out.append(escape(words, quote=False))

    def _add_tag(self, tag: str, start: str, end: str) -> None:
        """Write a tag, and note what ends it."""
        self._out.append(start)
        self._open.append((tag, end))

    def _open_link(self, href: str) -> None:
        """Open a link to the web or to a heading of this card; others lead nowhere from here."""
        self._links += 1
        if href.startswith("#"):
            fragment = _make_anchor(unquote(href[1:]))
            self._out.append('<a dir="auto"')
            self._inside.append((len(self._out), fragment))
            self._out.append("")
            self._add_tag("a", ">", "</a>")
        elif _is_web(href):
            self._add_tag("a", f'<a dir="auto" href="{escape(href)}">', "</a>")
        else:
            self._add_tag("a", '<span dir="auto">', "</span>")

    def _add_image(self, values: dict[str, str]) -> None:
        """Write what an image shows, as a link to it: nothing is loaded from elsewhere."""
        words = spell_out_unseen(values.get("alt", "").strip()) or "image"
        address = values.get("src", "")
        if self._heading is not None:
            self._heading.words.append(words)
        if _is_web(address) and not self._links:
            start = f'<a class="registry-image" dir="auto" href="{escape(address)}">'
            self._out.append(f"{start}{escape(words, quote=False)}</a>")
        else:
            self._out.append(f'<span dir="auto">{escape(words, quote=False)}</span>')

    def _open_heading(self, level: int, tag: str) -> None:
        """Open a heading; one inside of another is text."""
        if self._heading is not None:
            self._open.append((tag, ""))
            return
        self._heading = _OpenHeading(len(self._out), level, [])
        self._out.append("")
        self._open.append((tag, "heading"))

    def _close_heading(self) -> None:
        """Write a heading with its id, one below the heading that it belongs to."""
        heading, self._heading = self._heading, None
        if heading is None:
            return
        words = " ".join("".join(heading.words).split())
        if not words:
            self._out[heading.place] = "<div>"
            self._out.append("</div>")
            return
        while self._levels and self._levels[-1][0] >= heading.level:
            self._levels.pop()
        depth = self._levels[-1][1] + 1 if self._levels else 1
        self._levels.append((heading.level, depth))
        anchor = _make_anchor(words)
        self._anchors[anchor] = number = self._anchors.get(anchor, 0) + 1
        # The second of a name is `name-2`, which a heading of that name has too if it comes later.
        if number > 1:
            anchor = f"{anchor}-{number}"
            while anchor in self._anchors:
                anchor += "-"
            self._anchors[anchor] = 1
        tag = f"h{min(depth + _TOP_LEVEL - 1, _LOWEST_LEVEL)}"
        self._out[heading.place] = f'<{tag} id="{ANCHOR_PREFIX}{escape(anchor)}">'
        self._out.append(f"</{tag}>")
        if len(self.headings) < CARD_HEADINGS_SHOWN_MAX:
            self.headings.append(Heading(depth, f"{ANCHOR_PREFIX}{anchor}", words))


def _list_attributes(tag: str, values: dict[str, str]) -> str:
    """Return the attributes that a tag keeps, and those that the page gives it."""
    if tag == "pre":
        return ' tabindex="0"'
    if tag == "code":
        return ' dir="auto"'
    kept = (
        (name, value)
        for name, value in values.items()
        if value.isascii() and value.isdecimal()
        if name == "start" or len(value) <= _SPAN_MAX_DIGITS
    )
    return "".join(f' {name}="{value}"' for name, value in kept)


def _is_web(address: str) -> bool:
    """Whether an address leads to the web, and is not too long to be followed."""
    return address.startswith(("https://", "http://")) and len(address) <= LINK_MAX_CHARS


def _make_anchor(words: str) -> str:
    """Return what a heading is called in addresses."""
    return in_hyphens(words.lower(), str.isalnum)[:_ANCHOR_MAX_CHARS].strip("-") or "section"
