"""Names that are one slip of a finger apart: a letter left out, added, replaced, or two swapped.

Source: Damerau, "A technique for computer detection and correction of spelling errors" (1964);
the index is that of SymSpell (Garbe, 2012): two texts are one slip apart only if leaving out at
most one letter of each gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from string import ascii_lowercase, digits
from typing import Final, NamedTuple

# Slips of longer texts are not listed: they would be tens of thousands, and nobody types such
# names. The daily audit, which lists none, finds them all the same.
SLIPS_MAX_CHARS: Final = 64
# How many letters outside ASCII are put in; the first of the text's own count.
_FOREIGN_LETTERS_MAX: Final = 10
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Slip(StrEnum):
    """What one slip does to a text."""

    LEFT_OUT = "left out"
    ADDED = "added"
    DOUBLED = "doubled"
    REPLACED = "replaced"
    NEIGHBOUR = "replaced by its neighbour on the keyboard"
    SWAPPED = "swapped"


class Edit(NamedTuple):
    """The slip that leads from one text to another.

    Attributes:
        before, after: the letters, "" where there are none.
    """

    slip: Slip
    before: str
    after: str


def find_edit(before: str, after: str) -> Edit | None:
    """Return the one slip that makes `after` of `before`; None if there are more, or none."""
    if before == after or abs(len(before) - len(after)) > 1:
        return None
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    if len(before) == len(after):
        return _find_exchange(before, after, start)
    longer, other = (before, after) if len(before) > len(after) else (after, before)
    if longer[start + 1 :] != other[start:]:
        return None
    letter = longer[start]
    if longer is before:
        return Edit(Slip.LEFT_OUT, letter, "")
    # Of two equal letters, the second is where the texts part.
    is_doubled = start > 0 and after[start - 1] == letter
    return Edit(Slip.DOUBLED if is_doubled else Slip.ADDED, "", letter)


def _find_exchange(before: str, after: str, start: int) -> Edit | None:
    """Return the slip between two texts of one length, which part at `start`."""
    if before[start + 1 :] == after[start + 1 :]:
        are_near = after[start] in _NEIGHBOURS.get(before[start], "")
        slip = Slip.NEIGHBOUR if are_near else Slip.REPLACED
        return Edit(slip, before[start], after[start])
    pair = before[start : start + 2]
    if pair[::-1] == after[start : start + 2] and before[start + 2 :] == after[start + 2 :]:
        return Edit(Slip.SWAPPED, pair, pair[::-1])
    return None


def list_shortened(text: str, begin: int = 0, end: int | None = None) -> set[str]:
    """Return a text with each one of its letters between two places left out.

    Digits stay: names with other digits are other versions, and a family may have thousands.
    """
    return {
        text[:at] + text[at + 1 :]
        for at, each in enumerate(text[begin:end], begin)
        if each not in digits
    }


def list_slips(text: str) -> set[str]:
    """Return every text of letters that is one slip away from a text, and the text itself.

    Digits are never put in: names with another digit are other versions. Of a text with more than
    `SLIPS_MAX_CHARS` it is the text alone.
    """
    if len(text) > SLIPS_MAX_CHARS:
        return {text}
    foreign = dict.fromkeys(each for each in text if not each.isascii())
    letters = ascii_lowercase + "".join(islice(foreign, _FOREIGN_LETTERS_MAX))
    return {text, *list_shortened(text), *_list_swapped(text), *_list_lettered(text, letters)}


def _list_swapped(text: str) -> Iterator[str]:
    """Yield a text with each two letters swapped."""
    for at in range(len(text) - 1):
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _list_lettered(text: str, letters: str) -> Iterator[str]:
    """Yield a text with each letter replaced by each other, and with each put in anywhere."""
    for at in range(len(text) + 1):
        head, tail = text[:at], text[at:]
        for letter in letters:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _find_neighbours() -> dict[str, str]:
    """Return the letters around each letter on a keyboard: beside it, and half above and below."""
    places = {
        letter: (column + row / 2, row) for row, keys in enumerate(_ROWS)
        for column, letter in enumerate(keys)
    }  # fmt: skip
    return {
        letter: "".join(
            other
            for other, (there, row) in places.items()
            if other != letter and abs(there - here) <= 1 and abs(row - own) <= 1
        )
        for letter, (here, own) in places.items()
    }


_NEIGHBOURS = _find_neighbours()
