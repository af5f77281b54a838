"""Rows as CSV that a spreadsheet shows and does not run."""

from __future__ import annotations

from collections.abc import Sequence

# A cell that begins with one of these is a formula (OWASP, "CSV Injection"); so is one where some
# of the letters that spreadsheets skip come before.
_FORMULA = "=+-@\t\r\n|%"
_SKIPPED = " \u00a0\u200b\ufeff\x00"


def write_row(cells: Sequence[str]) -> str:
    """Return a line of CSV (RFC 4180), every cell in quotation marks."""
    return ",".join(_write_cell(each) for each in cells) + "\r\n"


def _write_cell(text: str) -> str:
    """Return a cell, with an apostrophe before what a spreadsheet would run."""
    begin = text.lstrip(_SKIPPED)[:1]
    # Full-width signs of East Asia count as well; a lone dash stands for nothing.
    is_formula = begin and (begin in _FORMULA or "\uff0b" <= begin <= "\uff20") and text != "-"
    quoted = text.replace('"', '""')
    return f'"{"" if not is_formula else chr(39)}{quoted}"'
