"""A list as a file for spreadsheets: the columns of its page, all its rows up to a bound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.http import HttpResponse

from artifacts.limits import EXPORT_MAX_BYTES, EXPORT_PAGE_ROWS, EXPORT_ROWS_MAX
from artifacts.rules.csv_text import write_row

if TYPE_CHECKING:
    from artifacts.admin.lists import CheckedChangeList


def export_rows(found: CheckedChangeList) -> HttpResponse:
    """Answer the rows of a list as CSV. A last line says if there are more of them.

    All lines are read before any is sent: nobody can tell a file that broke off from a whole one.
    """
    answer = HttpResponse("".join(_write(found)), content_type="text/csv; charset=utf-8")
    name = f"{found.owner.words[1].replace(' ', '-')}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _write(found: CheckedChangeList) -> Iterator[str]:
    """Yield lines, some rows of the database at a time: no cursor stays open between them."""
    names = [str(each) for each in found.list_display if each != "action_checkbox"]
    size_bytes = 0
    yield write_row([str(head["text"]) for head in found.headers])
    for start in range(0, EXPORT_ROWS_MAX, EXPORT_PAGE_ROWS):
        rows = list(found.queryset[start : start + EXPORT_PAGE_ROWS])
        for row in rows:
            line = write_row([_read(found, row, name) for name in names])
            size_bytes += len(line.encode())
            if size_bytes > EXPORT_MAX_BYTES:
                yield write_row(["There are more rows: narrow the list, and export again."])
                return
            yield line
        if len(rows) < EXPORT_PAGE_ROWS:
            return
    if found.queryset[EXPORT_ROWS_MAX : EXPORT_ROWS_MAX + 1].exists():
        yield write_row(["There are more rows: narrow the list, and export again."])


def _read(found: CheckedChangeList, row: models.Model, name: str) -> str:
    """Return what a column says of a row, as text."""
    cell = found.make_cell(row, name, "")
    if isinstance(cell.value, datetime):
        return cell.value.astimezone(UTC).isoformat(timespec="seconds")
    if cell.kind == "ready":
        return found.owner.read_cell(row, name)
    return str(cell.value)
