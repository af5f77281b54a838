"""The same name under another owner, or but for signs; or with the owner's name written into it."""

from __future__ import annotations

from artifacts.rules.confusion.labels import Label
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sign import Sign

_SEPARATORS = 0.7
_SCOPE = 0.5
_OWNER_WITHIN = 0.7


def find(suspect: Label, other: Label) -> Sign | None:
    """Return a sign if only the owners tell two names apart, or only signs between their words."""
    ours, theirs = suspect.name, other.name
    if ours.text.casefold() == theirs.text.casefold():
        return _find_scope(suspect, other)
    if ours.spelling == theirs.spelling:
        return Sign(
            Mechanism.SEPARATORS,
            _SEPARATORS,
            "The same letters, with other signs between them.",
            is_explained_by_lineage=True,
        )
    if other.owner is not None and ours.spelling == other.owner.spelling + theirs.spelling:
        return Sign(
            Mechanism.SCOPE,
            _OWNER_WITHIN,
            f"Its name has the owner {other.owner.text} in it, who is another.",
            is_explained_by_lineage=True,
        )
    return None


def _find_scope(suspect: Label, other: Label) -> Sign | None:
    """Return a sign for one name of two owners; what has no owner has only its name."""
    if suspect.owner is None or other.owner is None:
        return None
    detail = f"The same name, of {suspect.owner.text} instead of {other.owner.text}."
    return Sign(Mechanism.SCOPE, _SCOPE, detail, is_explained_by_lineage=True)
