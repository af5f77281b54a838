"""Which of the artifacts that a search found it was for.

A search that lists much is for none of it. One that gives a whole name is for what is called so;
one whose words few names hold, for those few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from artifacts.limits import SOUGHT_AMONG_MAX, SOUGHT_MAX


class Named(Protocol):
    """An artifact, or a row about one."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """Its name."""
        ...


def list_sought(found: Sequence[Named], asked: str) -> list[str]:
    """Return the ids of what some words are for; none if that is too many.

    Args:
        found: what the search found, or its first page.
        asked: the words, or a whole name; none are for nothing.
    """
    asked = asked.casefold().strip()
    words = asked.split()
    if not words:
        return []
    called = [(each.id, each.name.casefold()) for each in found[:SOUGHT_AMONG_MAX]]
    whole = [key for key, name in called if name == asked]
    return _few(whole or [key for key, name in called if all(word in name for word in words)])


def list_matched(found: Sequence[Named], matches: Callable[[str], bool]) -> list[str]:
    """Return the ids of those whose name fits; none if that, or what was found, is too many.

    Args:
        matches: whether a name fits what was asked.
    """
    if len(found) > SOUGHT_AMONG_MAX:
        return []
    return _few([each.id for each in found if matches(each.name)])


def _few(ids: list[str]) -> list[str]:
    """Return what was sought, or nothing where that would be anything."""
    return ids if len(ids) <= SOUGHT_MAX else []
