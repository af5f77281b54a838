"""What a text must contain to match: a small formula that an index can answer.

A formula only rules texts out, so parts of "all of" may be dropped, and "one of" may become None.
Both are kept small while they are built: otherwise an expression of a thousand characters could ask
an index for hundreds of texts, nested deeper than databases accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# The trigram index can look up texts of at least so many characters.
LITERAL_MIN_CHARS = 3
# Of a longer text only the beginning is looked up: more trigrams hardly rule out anything.
LITERAL_MAX_CHARS = 64
# The most texts in one formula. Each is a separate search in the index.
LITERALS_MAX = 64
# How many parts of "all of" are kept, those that rule out most: a fifth adds more work than gain.
ALL_OF_MAX = 4


@dataclass(frozen=True)
class Literal:
    """A text that must occur.

    Attributes:
        is_folded: whether its letters match in both cases. They are ASCII then.
        is_first: whether it begins the text.
    """

    text: str
    is_folded: bool = False
    is_first: bool = False


@dataclass(frozen=True)
class AllOf:
    """All of these must occur."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these must occur."""

    parts: tuple[Formula, ...]


Formula = Literal | AllOf | AnyOf


def literal(text: str, *, is_folded: bool) -> Formula | None:
    """Return the formula of one text, None if it is too short to be looked up."""
    if len(text) < LITERAL_MIN_CHARS:
        return None
    return Literal(text[:LITERAL_MAX_CHARS], is_folded)


def require_all(parts: Sequence[Formula | None]) -> Formula | None:
    """Require all parts that are known, or those that rule out most."""
    known: dict[Formula, None] = {}
    for part in parts:
        if part is not None:
            known |= dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,))
    telling = sorted(known, key=lambda part: (_count(part), -_shortest(part)))[:ALL_OF_MAX]
    while sum(map(_count, telling)) > LITERALS_MAX:
        telling.pop()
    return telling[0] if len(telling) == 1 else AllOf(tuple(telling)) if telling else None


def require_any(parts: Sequence[Formula | None]) -> Formula | None:
    """Require one of several; None if one of them requires nothing or they are too many."""
    known: dict[Formula, None] = {}
    for part in parts:
        if part is None:
            return None
        known |= dict.fromkeys(part.parts if isinstance(part, AnyOf) else (part,))
    if sum(map(_count, known)) > LITERALS_MAX:
        return None
    only = tuple(known)
    return only[0] if len(only) == 1 else AnyOf(only) if only else None


def _count(formula: Formula) -> int:
    """Return the number of texts in a formula."""
    return 1 if isinstance(formula, Literal) else sum(map(_count, formula.parts))


def _shortest(formula: Formula) -> int:
    """Return the length of the shortest text that may be the only one to rule out documents."""
    if isinstance(formula, Literal):
        return len(formula.text)
    pick = max if isinstance(formula, AllOf) else min
    return pick(map(_shortest, formula.parts))
