"""Going through many rows without holding them, or the database, for as long as that takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

_STEP_ROWS = 1_000
M = TypeVar("M", bound=Model)


def walk(rows: QuerySet[M], *, step_rows: int = _STEP_ROWS) -> Iterator[M]:
    """Yield rows in the order of their keys, by plain statements of bounded size.

    Instead of Django's `iterator`: outside of a transaction that is a cursor which PostgreSQL fills
    with everything at once, past any time limit and after the client is gone; behind a pooler it is
    the whole table in memory. What is written meanwhile behind the last key is seen, too.
    """
    ordered = rows.order_by("pk")
    step = list(ordered[:step_rows])
    while step:
        yield from step
        if len(step) < step_rows:
            return
        step = list(ordered.filter(pk__gt=step[-1].pk)[:step_rows])
