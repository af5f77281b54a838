"""Whether an expression is a small deterministic automaton for every text.

RE2 matches with such an automaton, which it builds state by state while it reads, at the same cost
for every expression. If it has too many states for RE2's memory, RE2 follows all positions of the
expression at once instead, which takes as many steps for each character as there are positions. So
an expression of many positions must be shown to have few states before a search uses it.
"""

from __future__ import annotations

from artifacts.rules.search.unrolled import Symbol, Unrolled, bits

# The most states, and positions in all states together. RE2 needs four bytes for a position and up
# to 2 kB for a state, some more where characters have several bytes; a third of
# `REGEX_MEMORY_BYTES` is for these.
STATES_MAX = 2_500
PLACES_MAX = 700_000
# How many steps the check may take: about a tenth of a second.
STEPS_MAX = 500_000
# Each class with unknown members doubles the kinds of characters.
UNKNOWN_CLASSES_MAX = 3


def has_few_states(whole: Unrolled) -> bool:
    """Whether both automata are small: the one that reads forwards and the reverse one."""
    letters = _letters(whole.symbols)
    if letters is None:
        return False
    size = len(whole.symbols)
    if not _is_small(whole.follows, letters, start=whole.first, again=whole.first):
        return False
    before = [0] * size
    for position, follows in enumerate(whole.follows):
        for after in bits(follows):
            before[size - 1 - after] |= 1 << (size - 1 - position)
    backwards = [_mirrored(letter, size) for letter in letters]
    return _is_small(tuple(before), backwards, start=_mirrored(whole.last, size), again=0)


def _is_small(follows: tuple[int, ...], letters: list[int], *, start: int, again: int) -> bool:
    """Visit every state, until there are too many.

    Args:
        letters: for each kind of character, the positions that match it.
        start: the positions at which a match can begin.
        again: the positions at which another match can begin at each later character.
    """
    neighbours, others = _links(follows)
    seen: set[int] = set()
    waiting: list[int] = []
    ahead = start
    places = steps = 0
    while True:
        steps += len(letters) + len(others)
        for letter in letters:
            state = ahead & letter
            if state not in seen:
                seen.add(state)
                waiting.append(state)
                places += state.bit_count()
        if len(seen) > STATES_MAX or places > PLACES_MAX or steps > STEPS_MAX:
            return False
        if not waiting:
            return True
        state = waiting.pop()
        ahead = ((state & neighbours) << 1) | again
        for group, targets in others:
            if state & group:
                ahead |= targets


def _links(follows: tuple[int, ...]) -> tuple[int, list[tuple[int, int]]]:
    """Return the positions that lead to the next one, and the other links grouped by target."""
    neighbours = 0
    groups: dict[int, int] = {}
    for position, targets in enumerate(follows):
        step = targets & (2 << position)
        neighbours |= step >> 1
        if targets != step:
            groups[targets ^ step] = groups.get(targets ^ step, 0) | (1 << position)
    return neighbours, [(group, targets) for targets, group in groups.items()]


def _letters(symbols: tuple[Symbol, ...]) -> list[int] | None:
    """Return the kinds of characters that the expression distinguishes, as sets of positions.

    None if it has too many classes with unknown members.
    """
    places: dict[Symbol, int] = {}
    for position, symbol in enumerate(symbols):
        places[symbol] = places.get(symbol, 0) | (1 << position)
    unknown = [name for _, name in places if name]
    if len(set(unknown)) > UNKNOWN_CLASSES_MAX:
        return None
    edges: list[tuple[int, int, int]] = []
    for number, (ranges, _) in enumerate(places):
        edges += [
            edge for low, high in ranges for edge in ((low, 1, number), (high + 1, -1, number))
        ]
    sets = list(places.values())
    is_unknown = [bool(name) for _, name in places]
    covered = [0] * len(sets)
    sure, unsure = 0, frozenset[int]()
    letters: set[int] = set()
    edges.sort()
    for index, (at, change, number) in enumerate(edges):
        covered[number] += change
        if is_unknown[number]:
            unsure = unsure | {number} if covered[number] else unsure - {number}
        elif covered[number]:
            sure |= sets[number]
        else:
            sure &= ~sets[number]
        if index + 1 == len(edges) or edges[index + 1][0] != at:
            letters |= _with_some(sure, [sets[each] for each in sorted(unsure)])
    return sorted(letters)


def _with_some(sure: int, unsure: list[int]) -> set[int]:
    """Return every kind of a character that may or may not be in each of some classes."""
    found = {sure}
    for each in unsure:
        found |= {letter | each for letter in found}
    return found


def _mirrored(positions: int, size: int) -> int:
    """Return a set of positions, numbered from the end."""
    return int(f"{positions:0{size}b}"[::-1], 2) if size else 0
