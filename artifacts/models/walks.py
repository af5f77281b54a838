"""Reading many rows without keeping them in memory or a long transaction open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

_STEP_ROWS = 1_000
M = TypeVar("M", bound=Model)


def walk(rows: QuerySet[M], *, step_rows: int = _STEP_ROWS) -> Iterator[M]:
    """Yield rows in the order of their keys, with plain statements of bounded size.

    Django's `iterator`, outside a transaction, uses a cursor that PostgreSQL fills with all rows at
    once, beyond any time limit and even after the client is gone; behind a pooler it loads the
    whole table into memory. Rows that are added after the last key meanwhile are included.
    """
    ordered = rows.order_by("pk")
    step = list(ordered[:step_rows])
    while step:
        yield from step
        if len(step) < step_rows:
            return
        step = list(ordered.filter(pk__gt=step[-1].pk)[:step_rows])
