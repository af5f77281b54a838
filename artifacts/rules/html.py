"""HTML inside READMEs: its words, the addresses in it, its tables. Linear in its length.

Not a parser of documents: cards hold fragments, broken ones too, written by strangers.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TABLE_TAG = re.compile(r"<(/?)(table|tr|td|th)\b[^<>]{0,2000}>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']([^"'\s>]{1,2000})["']""", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"'`|*]{4,2000}")

Rows = tuple[tuple[str, ...], ...]


def visible(html: str) -> str:
    """Return HTML without its comments."""
    return _COMMENT.sub(" ", html)


def words_of(html: str) -> str:
    """Return the text of HTML."""
    return _TAG.sub(" ", visible(html))


def addresses(text: str) -> list[str]:
    """Return the web addresses that stand in text or HTML."""
    bare = (each.rstrip(".,;:!?") for each in _BARE_URL.findall(text))
    return list(dict.fromkeys((*_HREF.findall(text), *bare)))


class TableReader:
    """Reads tables out of HTML that comes in pieces: Markdown ends a piece at each empty line."""

    def __init__(self) -> None:
        """Nothing is open."""
        self._rows: list[list[str]] = []
        self._is_in_table = self._is_in_cell = False

    def feed(self, html: str) -> list[Rows]:
        """Return the tables that end in a piece, without rows that have no cell."""
        ended, position = [], 0
        for match in _TABLE_TAG.finditer(html):
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
                self._rows[-1].append("")
        self._add(html[position:])
        return [rows for rows in ended if rows]

    def _add(self, text: str) -> None:
        """Add text to the cell that is open."""
        if self._is_in_cell:
            self._rows[-1][-1] += text


def _tidy(cell: str) -> str:
    """Return the words of a cell."""
    return " ".join(_TAG.sub(" ", cell).split())
