"""A card as HTML that a page may hold: the one place where strangers' Markdown becomes HTML.

nh3 makes well-formed HTML with a few tags of whatever Markdown and HTML there is. Then it is fitted
into a page: headings below the page's own, with ids; images as links, since nothing is loaded from
elsewhere; tables in boxes that scroll. What comes out of that nh3 cleans again, so nothing but the
tags, attributes and addresses named here reaches a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import (
    CARD_DRAWN_CPU_S,
    CARD_DRAWN_MAX_CHARS,
    CARD_HTML_MAX_BYTES,
    CARD_TAGS_MAX,
)
from artifacts.rules.budget import Budget
from artifacts.rules.card_fitting import ANCHOR_PREFIX, Fitting, Heading
from artifacts.rules.cards import divide_readme

_WHAT = "The README"
_TEXT_TAGS: Final = frozenset((
    "a", "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul", "var", "caption",
))  # fmt: skip
_HEADINGS: Final = frozenset(f"h{level}" for level in range(1, 7))
# Their words are no words of a card either: code, drawings, forms, what other pages show.
_DROPPED_WHOLE: Final = frozenset((
    "embed", "frame", "frameset", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
))  # fmt: skip
_SCHEMES: Final = frozenset(("http", "https"))
_LINK_REL: Final = "noopener nofollow ugc"
_FIRST_ATTRIBUTES: Final = {
    "a": {"href"}, "img": {"alt", "src"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
_LAST_ATTRIBUTES: Final = {
    "a": {"class", "dir", "href"}, "code": {"dir"}, "span": {"dir"}, "ol": {"start"},
    "div": {"aria-label", "class", "role", "tabindex"}, "pre": {"tabindex"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
    **{tag: {"id"} for tag in _HEADINGS},
}  # fmt: skip
# How often less of a card is tried when its HTML has become too long for a page.
_TRIES = 4


@dataclass(frozen=True)
class CleanHtml:
    """HTML that this module has cleaned; nobody else makes one."""

    text: str


@dataclass(frozen=True)
class DrawnCard:
    """A card as a page shows it.

    Attributes:
        headings: for a table of contents, in order.
        is_cut: whether only the beginning of the card is in it.
    """

    html: CleanHtml
    headings: tuple[Heading, ...] = ()
    is_cut: bool = False


def draw_card(readme: str) -> DrawnCard:
    """Return the beginning of a README as HTML, without its front matter.

    Raises:
        TooMuchToRead: drawing it takes more work, or its first paragraph more room, than a page has
            for it.
    """
    _, text = divide_readme(readme)
    # Imported only when needed: it is slow to import, and few requests draw a card.
    from artifacts.rules.markdown import draw_blocks

    budget = Budget(CARD_DRAWN_CPU_S, is_final=True)
    shown = text[:CARD_DRAWN_MAX_CHARS]
    blocks = draw_blocks(shown, budget, _WHAT)
    most_bytes = CARD_HTML_MAX_BYTES
    for _ in range(_TRIES):
        count = _count_fitting(blocks, most_bytes)
        if not count and blocks:
            break
        html, headings = _clean("".join(blocks[:count]), budget)
        size_bytes = len(html.encode())
        if size_bytes <= CARD_HTML_MAX_BYTES:
            is_cut = count < len(blocks) or len(shown) < len(text)
            return DrawnCard(CleanHtml(html), headings, is_cut)
        # Links and ids have become longer; nine tenths of the room leave some for their spread.
        most_bytes = most_bytes * 9 // 10 * CARD_HTML_MAX_BYTES // size_bytes
    raise TooMuchToRead(_WHAT, f"a single block of it fills over {CARD_HTML_MAX_BYTES:,} bytes")


def _count_fitting(blocks: Sequence[str], most_bytes: int) -> int:
    """Return how many blocks together stay within a size."""
    total_bytes = 0
    for count, block in enumerate(blocks):
        total_bytes += len(block.encode())
        if total_bytes > most_bytes:
            return count
    return len(blocks)


def _clean(html: str, budget: Budget) -> tuple[str, tuple[Heading, ...]]:
    """Return strangers' HTML as a page may hold it, and its headings."""
    import nh3

    if html.count("<") > CARD_TAGS_MAX:
        raise TooMuchToRead(_WHAT, f"it has over {CARD_TAGS_MAX:,} tags")
    first = nh3.clean(
        html,
        tags=set(_TEXT_TAGS | _HEADINGS | {"img"}),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_FIRST_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )
    budget.spend(_WHAT)
    fitting = Fitting(lambda: budget.spend(_WHAT))
    fitted = fitting.fit(first)
    budget.spend(_WHAT)
    last = nh3.clean(
        fitted,
        tags=set(_TEXT_TAGS | _HEADINGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_LAST_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=set(_SCHEMES),
        link_rel=_LINK_REL,
    )
    budget.spend(_WHAT)
    return last, tuple(fitting.headings)


def _keep_attribute(_tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that may stay: addresses outside, and ids of this card."""
    if name == "href":
        is_inside = value.startswith(f"#{ANCHOR_PREFIX}")
        return value if is_inside or value.startswith(("https://", "http://")) else None
    if name == "id":
        return value if value.startswith(ANCHOR_PREFIX) else None
    return value
