"""A regular expression as a tree, with the properties that the checks need, computed bottom-up.

Bottom-up, because an expression may be nested deeper than Python's recursion limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from artifacts.rules.search import unrolled
from artifacts.rules.search.formula import Formula, literal, require_all, require_any
from artifacts.rules.search.unrolled import Symbol, Unrolled

Ranges = tuple[tuple[int, int], ...]
LAST_CODE_POINT = 0x10FFFF
ANY: Ranges = ((0, LAST_CODE_POINT),)
# Repetitions of at least so many rounds count as endless: ten choices of where a round ends already
# make a thousand ways.
MANY_ROUNDS = 10


@dataclass(frozen=True)
class Node:
    """A part of an expression.

    Attributes:
        positions: the ranges of the characters at each of its places ("positions" of Glushkov,
            1961), by number.
        nullable: whether it matches the empty text.
        first, last: positions that a match can begin and end with.
        exact: the only text that it matches, None if it matches several or none is known.
        is_folded: whether the letters of that text match in both cases.
        required: what every matching text contains, None for nothing.
        unrolled: the part with its repetitions written out, None if that is too large.
    """

    nullable: bool
    first: frozenset[int] = frozenset()
    last: frozenset[int] = frozenset()
    exact: str | None = None
    is_folded: bool = False
    required: Formula | None = None
    unrolled: Unrolled | None = unrolled.NOTHING


EMPTY = Node(nullable=True, exact="")


@dataclass
class Automaton:
    """The positions of an expression and their successors, filled while it is parsed.

    Attributes:
        follows: for each position, the positions that can come right after it.
        doubled: whether two nested repetitions lead from one position to another.
    """

    ranges: list[Ranges] = field(default_factory=list)
    follows: list[set[int]] = field(default_factory=list)
    doubled: bool = False

    def character(
        self,
        ranges: Ranges,
        exact: str | None = None,
        *,
        is_folded: bool = False,
        symbol: Symbol | None = None,
    ) -> Node:
        """One character out of some ranges; `symbol` if the exact characters are known."""
        position = len(self.ranges)
        self.ranges.append(ranges)
        self.follows.append(set())
        here = frozenset((position,))
        return Node(
            nullable=False,
            first=here,
            last=here,
            exact=exact,
            is_folded=is_folded,
            unrolled=unrolled.character(symbol or (ranges, "")),
        )

    def sequence(self, items: Sequence[Node]) -> Node:
        """A sequence of parts."""
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
        return Node(
            nullable=nullable,
            first=first,
            last=last,
            exact=_joined(items),
            is_folded=any(item.is_folded for item in items),
            required=_require_items(items),
            unrolled=unrolled.sequence([item.unrolled for item in items]),
        )

    def choice(self, options: Sequence[Node]) -> Node:
        """A choice between parts."""
        if len(options) == 1:
            return options[0]
        return Node(
            nullable=any(option.nullable for option in options),
            first=frozenset().union(*(option.first for option in options)),
            last=frozenset().union(*(option.last for option in options)),
            required=require_any([find_required(option) for option in options]),
            unrolled=unrolled.choice([option.unrolled for option in options]),
        )

    def repeat(self, item: Node, low: int, high: int | None) -> Node:
        """A part repeated `low` to `high` times; `high` is None for no limit."""
        if high is None or high >= MANY_ROUNDS:
            for position in item.last:
                self.doubled = self.doubled or bool(self.follows[position] & item.first)
                self.follows[position] |= item.first
        return Node(
            nullable=item.nullable or low == 0,
            first=item.first,
            last=item.last,
            exact=item.exact if (low, high) == (1, 1) else None,
            is_folded=item.is_folded,
            required=find_required(item) if low else None,
            unrolled=unrolled.repeat(item.unrolled, low, high),
        )


def find_required(node: Node) -> Formula | None:
    """Return what every text that a part matches contains."""
    if node.exact is not None:
        return literal(node.exact, is_folded=node.is_folded)
    return node.required


def _joined(items: Sequence[Node]) -> str | None:
    """Return the exact text of a sequence, if each of its items has one."""
    texts = [item.exact for item in items]
    return None if None in texts else "".join(text for text in texts if text is not None)


def _require_items(items: Sequence[Node]) -> Formula | None:
    """Join neighbouring texts, and require these and what the other items require."""
    parts: list[Formula | None] = []
    run, is_folded = "", False
    for item in [*items, None]:
        if item is not None and item.exact is not None:
            run += item.exact
            is_folded = is_folded or item.is_folded
            continue
        parts.append(literal(run, is_folded=is_folded))
        run, is_folded = "", False
        if item is not None:
            parts.append(item.required)
    return require_all(parts)
