"""The lists of the staff site: which rows, and what each cell of them says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import EmptyResultSet, ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from artifacts.limits import CELL_MAX_CHARS, NAME_MAX_CHARS, ROWS_COUNTED_MAX
from artifacts.said import say, title

Kind = Literal["text", "code", "time", "ready"]
_NOTHING = "-"
_CHECKBOX = "action_checkbox"


@dataclass(frozen=True)
class Cell:
    """What one column says of a row.

    Attributes:
        kind: `ready` is what a template made; `code` is shown in a short form, monospaced.
        label: what the column is called.
        value: a `datetime` for `time`, otherwise text.
    """

    kind: Kind
    name: str
    label: str
    value: Any


@dataclass(frozen=True)
class Line:
    """A row.

    Attributes:
        url: of its page, "" for none.
        choice: the box that chooses it for an action, "" if there are no actions.
    """

    url: str
    choice: str
    first: Cell
    cells: tuple[Cell, ...]


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # any model's rows
    """Counts at most `ROWS_COUNTED_MAX` rows, so that lists stay fast at any length."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most `ROWS_COUNTED_MAX`."""
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            return super().count
        return rows.order_by().values("pk")[:ROWS_COUNTED_MAX].count()


class _Owner(Protocol):
    """What a list asks of the class that has it (`artifacts.admin.base.RegistryAdmin`)."""

    words: tuple[str, str]
    codes: frozenset[str]

    def read_cell(self, row: Any, name: str) -> str:
        """Return as text what a template made a cell of."""
        ...


class CheckedChangeList(ChangeList):
    """A list whose filters are tried before they are used, and whose cells are data.

    Django accepts any number as a year, and then fails while it shows the list.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        """Give the list the name that people know."""
        super().__init__(*given, **named)
        self.title = capfirst(self.owner.words[1])

    def get_queryset(self, request: HttpRequest, *given: Any, **named: Any) -> QuerySet[Any]:
        """Return the rows.

        Raises:
            IncorrectLookupParameters: a filter's value is invalid; Django then shows all rows.
        """
        # Databases refuse conditions of thousands of words. The page shows what was searched for.
        self.query = self.query[:NAME_MAX_CHARS]
        rows: QuerySet[Any] = super().get_queryset(request, *given, **named)
        try:
            str(rows.query)
        except EmptyResultSet:
            pass
        except (ValueError, OverflowError, TypeError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows

    @property
    def owner(self) -> _Owner:
        """Return the class that has this list."""
        return cast("_Owner", self.model_admin)

    @property
    def counted(self) -> str:
        """Return how many rows there are, in words."""
        one, many = self.owner.words
        if self.result_count >= ROWS_COUNTED_MAX:
            return f"{ROWS_COUNTED_MAX:,} or more {many}"
        return f"1 {one}" if self.result_count == 1 else f"{self.result_count:,} {many}"

    @property
    def add_url(self) -> str:
        """Return the address of the page that adds a row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")

    @property
    def headers(self) -> list[dict[str, Any]]:
        """Return the heads of the columns, the boxes' left out."""
        heads = [
            head | {"text": say(str(head["text"]).replace(" ", "_"))}
            for head in result_headers(self)
        ]
        return heads[1:] if self.has_boxes else heads

    @property
    def has_boxes(self) -> bool:
        """Whether rows can be chosen for an action."""
        return _CHECKBOX in self.list_display

    @property
    def lines(self) -> Iterator[Line]:
        """Yield the rows of this page."""
        labels = [str(head["text"]) for head in self.headers]
        names = [str(name) for name in self.list_display if name != _CHECKBOX]
        for row in self.result_list:
            first, *cells = (
                self.make_cell(row, name, label) for name, label in zip(names, labels, strict=True)
            )
            yield Line(
                url=self.url_for_result(row) if self.list_display_links else "",
                choice=self.model_admin.action_checkbox(row) if self.has_boxes else "",
                first=first,
                cells=tuple(cells),
            )

    def make_cell(self, row: Any, name: str, label: str) -> Cell:
        """Return what a column says of a row."""
        try:
            field, _, value = lookup_field(name, row, self.model_admin)
        except ObjectDoesNotExist:
            return Cell("text", name, label, _NOTHING)
        kind: Kind = "code" if name in self.owner.codes else "text"
        if isinstance(value, SafeString):
            return Cell("ready", name, label, value)
        if isinstance(value, datetime):
            return Cell("time", name, label, value)
        if isinstance(value, bool):
            return Cell("text", name, label, "yes" if value else "no")
        if field is not None and getattr(field, "choices", None):
            value = title(str(value)) if value else _NOTHING
        text = _NOTHING if value in (None, "") else str(value)
        return Cell(kind, name, label, text[:CELL_MAX_CHARS])
