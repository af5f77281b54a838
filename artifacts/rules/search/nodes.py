"""A regular expression as a tree, with what the checks need to know worked out bottom-up.

Bottom-up, because an expression may be nested deeper than Python recurses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Ranges = tuple[tuple[int, int], ...]
LAST_CODE_POINT = 0x10FFFF
ANY: Ranges = ((0, LAST_CODE_POINT),)
# Repetitions of at least so many rounds are judged as endless ones: ten nested choices of where a
# round ends are a thousand ways already.
MANY_ROUNDS = 10
# The trigram index answers for text of at least so many characters.
LITERAL_MIN_CHARS = 3


@dataclass(frozen=True)
class Literal:
    """Text that must be there."""

    text: str


@dataclass(frozen=True)
class AllOf:
    """All of these must be there."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these must be there."""

    parts: tuple[Formula, ...]


Formula = Literal | AllOf | AnyOf


@dataclass(frozen=True)
class Node:
    """A part of an expression.

    Attributes:
        positions: the ranges of the characters at each of its places ("positions" of Glushkov,
            1961), by number.
        nullable: whether it matches the empty text.
        first, last: positions that a match can begin and end with.
        exact: the one text that it matches, None when it matches several or none is known.
        required: what every text that it matches contains, None for nothing.
    """

    nullable: bool
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    exact: str | None = None
    required: Formula | None = None


EMPTY = Node(nullable=True, exact="")


@dataclass
class Automaton:
    """The positions of an expression and what can follow what, filled while it is parsed.

    Attributes:
        follows: for each position, the positions that can come right after it.
        doubled: whether two nested repetitions lead from one position to another.
    """

    ranges: list[Ranges] = field(default_factory=list)
    follows: list[set[int]] = field(default_factory=list)
    doubled: bool = False

    def character(self, ranges: Ranges, exact: str | None = None) -> Node:
        """One character out of some ranges."""
        position = len(self.ranges)
        self.ranges.append(ranges)
        self.follows.append(set())
        here = frozenset((position,))
        return Node(nullable=False, first=here, last=here, exact=exact)

    def sequence(self, items: Sequence[Node]) -> Node:
        """One after the other."""
        if len(items) == 1:
            return items[0]
        first: frozenset[int] = frozenset()
        last: frozenset[int] = frozenset()
        nullable = True
        for item in items:
            for position in last:
                self.follows[position] |= item.first
            first = first | item.first if nullable else first
            last = last | item.last if item.nullable else item.last
            nullable = nullable and item.nullable
        return Node(nullable, first, last, _joined(items), _all_of(items))

    def choice(self, options: Sequence[Node]) -> Node:
        """One of several."""
        if len(options) == 1:
            return options[0]
        formulas = [required_of(option) for option in options]
        known = [formula for formula in formulas if formula is not None]
        return Node(
            nullable=any(option.nullable for option in options),
            first=frozenset().union(*(option.first for option in options)),
            last=frozenset().union(*(option.last for option in options)),
            required=AnyOf(tuple(known)) if len(known) == len(formulas) else None,
        )

    def repeat(self, item: Node, low: int, high: int | None) -> Node:
        """Something several times; `high` is None for no end."""
        if high is None or high >= MANY_ROUNDS:
            for position in item.last:
                self.doubled = self.doubled or bool(self.follows[position] & item.first)
                self.follows[position] |= item.first
        return Node(
            nullable=item.nullable or low == 0,
            first=item.first,
            last=item.last,
            exact=item.exact if (low, high) == (1, 1) else None,
            required=required_of(item) if low else None,
        )


def required_of(node: Node) -> Formula | None:
    """Return what every text that a part matches contains."""
    if node.exact is not None:
        return Literal(node.exact) if len(node.exact) >= LITERAL_MIN_CHARS else None
    return node.required


def _joined(items: Sequence[Node]) -> str | None:
    """Return the one text of a sequence, if each of its items has one."""
    texts = [item.exact for item in items]
    return None if None in texts else "".join(text for text in texts if text is not None)


def _all_of(items: Sequence[Node]) -> Formula | None:
    """Join neighbouring texts, and require them and what the other items require."""
    parts: list[Formula] = []
    run = ""
    for item in [*items, None]:
        if item is not None and item.exact is not None:
            run += item.exact
            continue
        if len(run) >= LITERAL_MIN_CHARS:
            parts.append(Literal(run))
        run = ""
        if item is not None and item.required is not None:
            parts.append(item.required)
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts)) if parts else None
