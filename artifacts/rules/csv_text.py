"""Rows as CSV that a spreadsheet shows and does not run."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from artifacts.rules.letters import DRAWN_AS_NOTHING

# A cell that begins with one of these is a formula (OWASP, "CSV Injection"), in any width: those
# of East Asia count as well.
_FORMULA = frozenset("=+-@|%")
# Where spreadsheets begin a cell besides the comma: at a semicolon where commas stand in numbers,
# at a tab if somebody chose that, on a new line. They do so within our quotation marks, too, since
# for them those do not stand at the beginning of a cell.
_SEPARATORS = frozenset(";\t\r\n")
# After a separator it opens a cell, which begins behind it.
_QUOTE = '"'


def write_row(cells: Sequence[str]) -> str:
    """Return a line of CSV (RFC 4180), every cell in quotation marks."""
    return ",".join(_write_cell(each) for each in cells) + "\r\n"


def _write_cell(text: str) -> str:
    """Return a cell, with an apostrophe before each sign at which a spreadsheet would run it."""
    # A lone dash stands for nothing.
    harmless = text if text == "-" else "".join(_mark(text))
    quoted = harmless.replace('"', '""')
    return f'"{quoted}"'


def _mark(text: str) -> Iterator[str]:
    """Yield the letters of a cell, an apostrophe before a formula's first."""
    is_at_start = True
    for letter in text:
        if letter in _SEPARATORS:
            is_at_start = True
        elif is_at_start and letter != _QUOTE and not _shows_nothing(letter):
            is_at_start = False
            if unicodedata.normalize("NFKC", letter)[0] in _FORMULA:
                yield "'"
        yield letter


def _shows_nothing(letter: str) -> bool:
    """Whether a letter is a space, a control character or the like, which spreadsheets skip."""
    return unicodedata.category(letter)[0] in "ZC" or letter in DRAWN_AS_NOTHING
