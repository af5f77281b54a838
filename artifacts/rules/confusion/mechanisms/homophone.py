"""Names that are spoken alike."""

from __future__ import annotations

from typing import Final

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign, list_other_words
from artifacts.rules.confusion.words import KNOWN_WORDS

_STRENGTH = 0.65
# Shorter names sound like others by chance.
SOUND_MIN_CHARS: Final = 4


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if two names sound alike but are spelt differently."""
    ours, theirs = suspect.name, other.name
    if ours.sound != theirs.sound or ours.spelling == theirs.spelling:
        return None
    if len(ours.sound) < SOUND_MIN_CHARS:
        return None
    # Short words count as well: `two` is another way to write `2`.
    if all(map(KNOWN_WORDS.issuperset, list_other_words(ours, theirs))):
        return None
    return Sign(Mechanism.HOMOPHONE, _STRENGTH, "Spoken, both names are the same.")
