"""The first rows of many, and how many there are: lists on pages are cut, and say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from artifacts.limits import ROWS_COUNTED_MAX

_Row = TypeVar("_Row", bound=Model)
_Shown = TypeVar("_Shown")


@dataclass(frozen=True)
class FirstRows(Generic[_Shown]):
    """Rows as they are shown.

    Attributes:
        count: of all rows.
        is_count_cut: whether there may be more, as counting ended at `ROWS_COUNTED_MAX`.
    """

    rows: tuple[_Shown, ...] = ()
    count: int = 0
    is_count_cut: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.count > len(self.rows)


def take_first_rows(
    found: QuerySet[_Row], most: int, show: Callable[[_Row], _Shown]
) -> FirstRows[_Shown]:
    """Return the first rows in one query; one more query counts them where there are more.

    Args:
        show: makes of a row what is shown of it.
    """
    rows = list(found[: most + 1])
    count = len(rows)
    if count > most:
        count = found.order_by().values("pk")[:ROWS_COUNTED_MAX].count()
    return FirstRows(tuple(map(show, rows[:most])), count, is_count_cut=count >= ROWS_COUNTED_MAX)
