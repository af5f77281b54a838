"""All mechanisms, and the judgement of two labels by them."""

from __future__ import annotations

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanisms import (
    affix,
    homoglyph,
    homophone,
    owner,
    same_name,
    typo,
    word_order,
)
from artifacts.rules.confusion.sign import Sign

# Of equal strength, the first counts.
_FINDERS = (
    homoglyph.find, same_name.find, word_order.find, typo.find, affix.find, homophone.find,
)  # fmt: skip


def judge_pair(suspect: Label, other: Label) -> Sign | None:
    """Return the strongest sign that a label may be mistaken for another; None for no sign.

    What one owner calls its own artifacts confuses nobody, on whichever host; only names of one
    type are compared, but owners have artifacts of all types.
    """
    if suspect.has_owner_of(other):
        return None
    signs = [sign for sign in (owner.find(suspect, other),) if sign is not None]
    if suspect.type == other.type:
        found = (find(suspect, other) for find in _FINDERS)
        signs += [sign for sign in found if sign is not None]
    return max(signs, key=lambda sign: sign.strength, default=None)
