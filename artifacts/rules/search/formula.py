"""What a text has to contain to match: a formula that an index can answer, and never a large one.

A formula only rules out, so anything may be left out of "all of", and "one of" may become nothing
to go by. Both are kept small while they are put together: an expression of a thousand characters
could otherwise ask an index for hundreds of texts, nested deeper than databases read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# The trigram index answers for text of at least so many characters.
LITERAL_MIN_CHARS = 3
# Of a longer text its beginning is looked for: more trigrams rule hardly anything out any more.
LITERAL_MAX_CHARS = 64
# Texts in one formula. Each is a search of its own in the index.
LITERALS_MAX = 64
# Of what must all be there, the parts that rule out most; a fifth adds work and rules out little.
ALL_OF_MAX = 4


@dataclass(frozen=True)
class Literal:
    """Text that must be there.

    Attributes:
        is_folded: whether its letters count in both cases. They are of ASCII then.
    """

    text: str
    is_folded: bool = False


@dataclass(frozen=True)
class AllOf:
    """All of these must be there."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these must be there."""

    parts: tuple[Formula, ...]


Formula = Literal | AllOf | AnyOf


def literal(text: str, *, is_folded: bool) -> Formula | None:
    """Return the formula of one text, None when it is too short to be looked up."""
    if len(text) < LITERAL_MIN_CHARS:
        return None
    return Literal(text[:LITERAL_MAX_CHARS], is_folded)


def all_of(parts: Sequence[Formula | None]) -> Formula | None:
    """Require everything that is known, or the most telling parts of it."""
    known: dict[Formula, None] = {}
    for part in parts:
        if part is not None:
            known |= dict.fromkeys(part.parts if isinstance(part, AllOf) else (part,))
    telling = sorted(known, key=lambda part: (_count(part), -_shortest(part)))[:ALL_OF_MAX]
    while sum(map(_count, telling)) > LITERALS_MAX:
        telling.pop()
    return telling[0] if len(telling) == 1 else AllOf(tuple(telling)) if telling else None


def any_of(parts: Sequence[Formula | None]) -> Formula | None:
    """Require one of several; nothing, if one of them requires nothing or they are too many."""
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
    """Return how many texts a formula looks for."""
    return 1 if isinstance(formula, Literal) else sum(map(_count, formula.parts))


def _shortest(formula: Formula) -> int:
    """Return the length of the shortest text that may be all that rules out."""
    if isinstance(formula, Literal):
        return len(formula.text)
    pick = max if isinstance(formula, AllOf) else min
    return pick(map(_shortest, formula.parts))
