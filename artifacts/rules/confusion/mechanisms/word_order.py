"""The same words in another order."""

from __future__ import annotations

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign

_STRENGTH = 0.7


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if two names have the same words, but not in the same order."""
    ours, theirs = suspect.name, other.name
    if ours.order != theirs.order or ours.spelling == theirs.spelling:
        return None
    detail = "The same words in another order."
    return Sign(Mechanism.ORDER, _STRENGTH, detail, is_explained_by_lineage=True)
