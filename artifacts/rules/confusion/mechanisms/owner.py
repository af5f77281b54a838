"""An owner who poses as another: on the same host, or on GitHub as an organisation of the Hub."""

from __future__ import annotations

from typing import Final

from artifacts.rules.confusion.edits import find_edit
from artifacts.rules.confusion.labels import Label, Name
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign

HUB: Final = "hub"
GITHUB: Final = "github"
# One letter of a shorter name is no accident that tells anything.
OWNER_MIN_CHARS: Final = 6
_WITH_ITS_NAME = 0.95
_ALONE = 0.75


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if the suspect's owner has a name that is made like the other's.

    People's names are alike by chance: one letter counts only where the artifact is called like one
    of that owner's, too, or where an owner on GitHub is called like one on the Hub.
    """
    if suspect.owner is None or other.owner is None:
        return None
    poses = suspect.host == GITHUB and other.host == HUB
    is_namesake = suspect.name.look == other.name.look and suspect.type == other.type
    how = resemble(suspect.owner, other.owner, by_letter=is_namesake or poses)
    if not how:
        return None
    where = "On GitHub, the owner" if poses else "The owner"
    target = f"the Hub's {other.owner.text}" if poses else other.owner.text
    detail = f"{where} {suspect.owner.text} is called like {target}: {how}."
    return Sign(Mechanism.OWNER, _WITH_ITS_NAME if is_namesake else _ALONE, detail)


def resemble(ours: Name, theirs: Name, *, by_letter: bool) -> str:
    """Say how an owner's name is made like another's, "" for not at all.

    Args:
        by_letter: whether one letter, and the same sound, count.
    """
    if ours.text.casefold() == theirs.text.casefold():
        return ""
    if ours.spelling == theirs.spelling:
        return "with other signs in it"
    if ours.look == theirs.look:
        return "it looks the same"
    if len(theirs.spelling) >= OWNER_MIN_CHARS - 1 and ours.stem == theirs.spelling:
        return "with a word that claims to be the real one"
    if by_letter and min(len(ours.spelling), len(theirs.spelling)) >= OWNER_MIN_CHARS:
        edit = find_edit(theirs.spelling, ours.spelling)
        if edit is not None and not any(map(str.isdigit, edit.before + edit.after)):
            return "one letter differs"
        if ours.sound == theirs.sound:
            return "it sounds the same"
    return ""
