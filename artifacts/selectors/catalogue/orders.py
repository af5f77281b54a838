"""The orders of the catalogue, each with the key by which its pages continue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, QuerySet

from artifacts.exceptions import InvalidOffset
from artifacts.models import Listing
from artifacts.rules.paging import make_offset, read_key
from artifacts.selectors.catalogue.rows import Row

Key = tuple[float | int | str, ...]


@dataclass(frozen=True)
class Order:
    """One order.

    Attributes:
        word: what it is called in an address.
        columns: what it rests on, a key last; all in the same direction.
        kinds: their types.
        key: what a row says of them.
        leaves_out: what has no place in it, as the end of a sentence; "" for nothing.
    """

    word: str
    title: str
    columns: tuple[str, ...]
    kinds: tuple[type[float | int | str], ...]
    key: Callable[[Row], tuple[float | int | str | None, ...]]
    is_descending: bool = False
    leaves_out: str = ""

    def has_place(self, row: Row) -> bool:
        """Whether a row has a place in this order."""
        return None not in self.key(row)

    def place(self, row: Row) -> Key:
        """Return the key of a row that has a place."""
        return tuple(each for each in self.key(row) if each is not None)

    def sort(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that have a place, in this order."""
        return sorted(filter(self.has_place, rows), key=self.place, reverse=self.is_descending)

    def arrange(self, found: QuerySet[Listing], *, is_backward: bool) -> QuerySet[Listing]:
        """Return a query for the rows that have a place, in this order or the other way round."""
        goes_down = self.is_descending != is_backward
        given = {f"{self.columns[0]}__isnull": False} if self.leaves_out else {}
        arranged = (F(each).desc() if goes_down else F(each).asc() for each in self.columns)
        return found.filter(**given).order_by(*arranged)

    def beyond(self, key: Key, *, is_backward: bool) -> Q:
        """Ask for what comes after a key, or before it."""
        compare = "lt" if self.is_descending != is_backward else "gt"
        asked = Q(**{f"{self.columns[-1]}__{compare}": key[-1]})
        for column, value in zip(self.columns[-2::-1], key[-2::-1], strict=True):
            # The first part alone lets an index be entered at the right place.
            asked = Q(**{f"{column}__{compare}e": value}) & (
                Q(**{f"{column}__{compare}": value}) | asked
            )
        return asked

    def write(self, row: Row) -> str:
        """Return the offset of a row."""
        return make_offset(*(repr(each) if isinstance(each, float) else each
                             for each in self.place(row)))  # fmt: skip

    def read(self, offset: str) -> Key:
        """Return the key that an offset holds.

        Raises:
            InvalidOffset: it was not given out by this order.
        """
        # Offsets hold no fractions, so a score stands there as text.
        parts = read_key(offset, *(int if kind is int else str for kind in self.kinds))
        try:
            return tuple(float(part) if kind is float else part
                         for part, kind in zip(parts, self.kinds, strict=True))  # fmt: skip
        except ValueError as error:
            raise InvalidOffset from error


NEWEST: Final = Order(
    "newest", "Newest", ("created_us", "id"), (int, str),
    lambda row: (row.created_us, row.id), is_descending=True,
)  # fmt: skip
_NO_SIZE: Final = "whose size is not known"
ORDERS: Final = (
    NEWEST,
    Order(
        "score", "Best score", ("net_score", "rating_id"), (float, int),
        lambda row: (row.net_score, row.rating_id), is_descending=True,
        leaves_out="without a score",
    ),
    Order(
        "name", "Name", ("name", "created_us", "id"), (str, int, str),
        lambda row: (row.name, row.created_us, row.id),
    ),
    Order(
        "smallest", "Smallest", ("size_bytes", "revision_id"), (int, int),
        lambda row: (row.size_bytes, row.revision_id), leaves_out=_NO_SIZE,
    ),
    Order(
        "largest", "Largest", ("size_bytes", "revision_id"), (int, int),
        lambda row: (row.size_bytes, row.revision_id), is_descending=True, leaves_out=_NO_SIZE,
    ),
)  # fmt: skip
MATCH: Final = "match"


def order_by_match(words: Sequence[str]) -> Order:
    """Return the order by how well names fit what was typed, the newest first of equals.

    The name itself, then names that begin with it, those that hold it, and READMEs that do.
    """
    typed = " ".join(words).casefold()
    parts = typed.split()

    def fit(row: Row) -> int:
        name = row.name.casefold()
        return (name == typed) + name.startswith(typed) + all(part in name for part in parts)

    return Order(
        MATCH, "Best match", ("", "created_us", "id"), (int, int, str),
        lambda row: (fit(row), row.created_us, row.id), is_descending=True,
    )  # fmt: skip
