"""One slip of a finger: a letter left out, added, doubled, replaced, or two letters swapped."""

from __future__ import annotations

from typing import Final

from artifacts.rules.confusion.edits import Slip, find_edit
from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign, are_relatives

# In shorter names one letter is too much of the whole to be a slip.
NAME_MIN_CHARS: Final = 5
# Slips that fingers make by themselves are the ones that squatters count on.
_STRENGTHS = {
    Slip.SWAPPED: 0.85, Slip.DOUBLED: 0.85, Slip.LEFT_OUT: 0.8, Slip.NEIGHBOUR: 0.8,
    Slip.ADDED: 0.7, Slip.REPLACED: 0.65,
}  # fmt: skip


def find(suspect: Label, other: Label) -> Sign | None:
    """Return the slip that makes the suspect's name of the other's; None for no slip or more.

    Digits never count: names with other digits are other sizes and versions.
    """
    ours, theirs = suspect.name, other.name
    if min(len(ours.spelling), len(theirs.spelling)) < NAME_MIN_CHARS:
        return None
    edit = find_edit(theirs.spelling, ours.spelling)
    if edit is None or any(map(str.isdigit, edit.before + edit.after)):
        return None
    if are_relatives(ours, theirs):
        return None
    letters = edit.before or edit.after
    what = "Letters are" if len(letters) > 1 else "A letter is"
    detail = f"{what} {edit.slip.value}: {letters}"
    if edit.before and edit.after:
        detail = f"{what} {edit.slip.value}: {edit.after} for {edit.before}"
    return Sign(Mechanism.TYPO, _STRENGTHS[edit.slip], f"{detail}.")
