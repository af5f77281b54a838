"""Letters that look like others: digits, other alphabets, two letters drawn as one."""

from __future__ import annotations

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign, are_relatives

_STRENGTH = 0.95


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if both names look the same but are spelt differently."""
    ours, theirs = suspect.name, other.name
    if ours.look != theirs.look or ours.spelling == theirs.spelling:
        return None
    # No honest name mixes alphabets, however short the word.
    is_plain = ours.spelling.isascii() and theirs.spelling.isascii()
    if is_plain and are_relatives(ours, theirs):
        return None
    odd = sorted(set(ours.spelling) - set(theirs.spelling))
    shown = ", ".join(each if each.isascii() else f"U+{ord(each):04X}" for each in odd)
    detail = f"It looks the same, by {shown}." if shown else "It looks the same."
    return Sign(Mechanism.HOMOGLYPH, _STRENGTH, detail)
