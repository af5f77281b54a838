"""Names that are like one that was not found."""

from __future__ import annotations

from django.db import OperationalError

from artifacts.limits import NEAREST_NAMES_MAX
from artifacts.rules.search.nearness import choose_nearest
from artifacts.selectors.catalogue.candidates import TOOK_TOO_LONG
from artifacts.selectors.catalogue.word_index import find_near_names


def list_near_names(typed: str) -> tuple[str, ...]:
    """Return names that are like what was typed, the nearest first; () if that takes too long."""
    # Of `owner/name` the name is what the registry knows.
    text = typed.rstrip("/").rpartition("/")[2]
    try:
        names = find_near_names(text)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != TOOK_TOO_LONG:
            raise
        return ()
    return tuple(choose_nearest(text, names, NEAREST_NAMES_MAX))
