"""HTML inside READMEs: its words, the addresses in it, its tables. Linear in its length.

Not a parser of documents: cards hold fragments, broken ones too, written by strangers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from artifacts.rules.patterns import Found, Pattern

_TAG = Pattern(r"<[^<>]*>")
_TABLE_TAG = Pattern(r"(?i)<(/?)(table|tr|td|th)(?:[^\w<>][^<>]*)?>")
_HREF = Pattern(r"""(?i)href\s*=\s*["']([^"'\s>]+)["']""")
_BARE_URL = Pattern(r"https?://[^\s<>()\[\]\"'`|*]{4,}")
# What is longer between its brackets or quotation marks is no tag and no address.
_LONGEST_CHARS = 2_000

Rows = tuple[tuple[str, ...], ...]


def visible(html: str) -> str:
    """Return HTML without its comments."""
    pieces, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        pieces.append(html[position:start])
        end = html.find("-->", start + len("<!--"))
        position = len(html) if end < 0 else end + len("-->")
    return " ".join([*pieces, html[position:]])


def words_of(html: str) -> str:
    """Return the text of HTML."""
    shown, pieces, position = visible(html), [], 0
    for tag in _short(_TAG.finditer(shown)):
        pieces.append(shown[position : tag.start()])
        position = tag.end()
    return " ".join([*pieces, shown[position:]])


def addresses(text: str) -> list[str]:
    """Return the web addresses that stand in text or HTML."""
    linked = (found[1] for found in _HREF.finditer(text) if len(found[1]) <= _LONGEST_CHARS)
    bare = (each[:_LONGEST_CHARS].rstrip(".,;:!?") for each in _BARE_URL.findall(text))
    return list(dict.fromkeys((*linked, *bare)))


def _short(tags: Iterator[Found]) -> Iterator[Found]:
    """Yield the tags that are no longer than tags are."""
    return (tag for tag in tags if tag.end() - tag.start() <= _LONGEST_CHARS)


class TableReader:
    """Reads tables out of HTML that comes in pieces: Markdown ends a piece at each empty line."""

    def __init__(self) -> None:
        """Nothing is open."""
        # Cells in their pieces: text that grows by pieces is copied for each.
        self._rows: list[list[list[str]]] = []
        self._is_in_table = self._is_in_cell = False

    def feed(self, html: str) -> list[Rows]:
        """Return the tables that end in a piece, without rows that have no cell."""
        ended, position = [], 0
        for match in _short(_TABLE_TAG.finditer(html)):
            self._add(html[position : match.start()])
            position = match.end()
            is_end, name = bool(match[1]), match[2].lower()
            self._is_in_cell = not is_end and name in ("td", "th") and self._is_in_table
            if name == "table":
                if is_end and self._is_in_table:
                    ended.append(tuple(tuple(map(_tidy, row)) for row in self._rows if row))
                self._rows, self._is_in_table = [], not is_end
            elif name == "tr" and not is_end:
                self._rows.append([])
            elif self._is_in_cell:
                self._rows = self._rows or [[]]
                self._rows[-1].append([])
        self._add(html[position:])
        return [rows for rows in ended if rows]

    def _add(self, text: str) -> None:
        """Add text to the cell that is open."""
        if self._is_in_cell:
            self._rows[-1][-1].append(text)


def _tidy(cell: Iterable[str]) -> str:
    """Return the words of a cell."""
    return " ".join(words_of("".join(cell)).split())
