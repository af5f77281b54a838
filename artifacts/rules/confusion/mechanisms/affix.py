"""A known name with a word before or behind it that claims to be the real one."""

from __future__ import annotations

from typing import Final

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign, list_other_words

_STRENGTH = 0.75
# What is left of shorter names is any word.
STEM_MIN_CHARS: Final = 4


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if one name is the other with words such as `official` around it."""
    ours, theirs = suspect.name, other.name
    if ours.spelling == theirs.spelling or len(ours.stem) < STEM_MIN_CHARS:
        return None
    if ours.stem not in (theirs.spelling, theirs.stem) and ours.spelling != theirs.stem:
        return None
    added, missing = list_other_words(ours, theirs)
    detail = f"The same name, {'with' if added else 'without'} {', '.join(added or missing)}."
    return Sign(Mechanism.AFFIX, _STRENGTH, detail, is_explained_by_lineage=True)
