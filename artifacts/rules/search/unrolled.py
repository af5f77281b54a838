"""An expression with its counted repetitions written out, as RE2 compiles it.

It consists of positions as Glushkov numbers them (1961), each with its successors. A set of
positions is an integer with one bit for each, so that thousands are joined in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

# Ranges of code points, and the name of a class whose members among them are unknown here.
Symbol = tuple[tuple[tuple[int, int], ...], str]
# Room for the largest repetition that RE2 accepts, twice, and some text; more is refused.
POSITIONS_MAX = 2_200
# The most links between positions, which are added one by one; beyond that, it is refused.
LINKS_MAX = 200_000


@dataclass(frozen=True)
class Unrolled:
    """A part of an expression, written out.

    Attributes:
        symbols: the symbol at each position.
        nullable: whether it matches the empty text.
        first, last: positions that a match can begin and end with.
        follows: for each position, the positions that can come right after it.
    """

    symbols: tuple[Symbol, ...] = ()
    nullable: bool = True
    first: int = 0
    last: int = 0
    follows: tuple[int, ...] = ()


NOTHING = Unrolled()


def bits(positions: int) -> Iterator[int]:
    """Yield the positions of a set."""
    while positions:
        lowest = positions & -positions
        yield lowest.bit_length() - 1
        positions ^= lowest


def character(symbol: Symbol) -> Unrolled:
    """One character."""
    return Unrolled((symbol,), nullable=False, first=1, last=1, follows=(0,))


def sequence(parts: Sequence[Unrolled | None]) -> Unrolled | None:
    """A sequence of parts; None if it, or a part, is too large."""
    symbols: list[Symbol] = []
    follows: list[int] = []
    first, last, nullable, links = 0, 0, True, 0
    for part in parts:
        links += last.bit_count()
        if part is None or len(symbols) + len(part.symbols) > POSITIONS_MAX or links > LINKS_MAX:
            return None
        shift = len(symbols)
        for position in bits(last):
            follows[position] |= part.first << shift
        symbols += part.symbols
        follows += [each << shift for each in part.follows]
        first |= part.first << shift if nullable else 0
        last = (part.last << shift) | (last if part.nullable else 0)
        nullable = nullable and part.nullable
    return Unrolled(tuple(symbols), nullable, first, last, tuple(follows))


def choice(parts: Sequence[Unrolled | None]) -> Unrolled | None:
    """A choice between parts; single characters become one character class, as in RE2."""
    if all(part is not None and len(part.symbols) == 1 and part.follows == (0,) for part in parts):
        return _join_characters([part for part in parts if part is not None])
    symbols: list[Symbol] = []
    follows: list[int] = []
    first, last, nullable = 0, 0, False
    for part in parts:
        if part is None or len(symbols) + len(part.symbols) > POSITIONS_MAX:
            return None
        shift = len(symbols)
        symbols += part.symbols
        follows += [each << shift for each in part.follows]
        first |= part.first << shift
        last |= part.last << shift
        nullable = nullable or part.nullable
    return Unrolled(tuple(symbols), nullable, first, last, tuple(follows))


def _join_characters(parts: Sequence[Unrolled]) -> Unrolled:
    """Join parts of one character each."""
    symbols = [part.symbols[0] for part in parts]
    ranges = tuple(sorted({each for listed, _ in symbols for each in listed}))
    names = sorted({name for _, name in symbols if name})
    whole = character((ranges, "|".join(names)))
    return replace(whole, nullable=any(part.nullable for part in parts))


def repeat(part: Unrolled | None, low: int, high: int | None) -> Unrolled | None:
    """A repetition: `low` copies, then optional ones or, without a limit, a loop."""
    copies = max(low if high is None else high, 1)
    if part is None or high == 0:
        return NOTHING if high == 0 else None
    if not part.symbols:
        return NOTHING
    written = sequence([part] * copies) if copies * len(part.symbols) <= POSITIONS_MAX else None
    if written is None:
        return None
    follows, last, width = list(written.follows), written.last, len(part.symbols)
    for copy in range(max(low, 1) - 1, copies):
        last |= part.last << (copy * width)
    if high is None:
        shift = (copies - 1) * width
        for position in bits(part.last << shift):
            follows[position] |= part.first << shift
    return Unrolled(written.symbols, part.nullable or low == 0, written.first, last, tuple(follows))
