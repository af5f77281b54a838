"""Whether an expression repeats ambiguously, so that backtracking engines would hang on it.

RE2 itself never hangs; clients that use the same expression elsewhere would. Source: an automaton
is exponentially ambiguous if and only if some state leads back to itself on one word in two ways
(Weber and Seidl, "On the degree of ambiguity of finite automata", 1991); that this is what makes
backtracking exponential, Weideman et al., "Analyzing matching time behavior of backtracking regular
expression matchers by using ambiguity of NFA", 2016.
"""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.rules.search.nodes import Automaton, Ranges

# How many pairs of positions are examined. Honest expressions have a few hundred; the bound keeps
# the check itself short, and an expression beyond it is refused as too complicated to judge.
PAIRS_MAX = 20_000
# How many steps are compared for these pairs: each pair may have hundreds of next steps.
STEPS_MAX = 300_000


def is_ambiguous(automaton: Automaton) -> bool:
    """Whether a repetition can match one text in exponentially many ways."""
    if automaton.doubled:
        return True
    overlaps = _Overlaps(automaton.ranges)
    for component in _cycles(automaton.follows):
        if _has_two_ways(component, automaton.follows, overlaps):
            return True
    return False


def _has_two_ways(component: frozenset[int], follows: list[set[int]], overlaps: _Overlaps) -> bool:
    """Whether two different walks over the same text meet again, inside one repetition.

    It follows pairs of walks: both begin at one position, part where one text allows two steps, and
    are ambiguous if they meet again. From there they can walk back to their beginning, since a
    repetition leads from each of its positions to every other.
    """
    inner = {position: frozenset(follows[position] & component) for position in component}
    waiting = [(position, position) for position in component]
    seen = set(waiting)
    # Positions with the same successors, as at the ends of alternatives, need only one visit.
    done: set[tuple[frozenset[int], frozenset[int], bool]] = set()
    steps = 0
    while waiting:
        one, other = waiting.pop()
        ways = (inner[one], inner[other], one == other)
        if ways in done:
            continue
        done.add(ways)
        steps += len(ways[0]) * len(ways[1])
        if steps > STEPS_MAX or len(seen) > PAIRS_MAX:
            return True
        for step_one in ways[0]:
            for step_other in ways[1]:
                if one == other and step_one > step_other:
                    continue  # the same pair in the other order
                if not overlaps.test(step_one, step_other):
                    continue
                if step_one == step_other and one != other:
                    return True
                pair = (min(step_one, step_other), max(step_one, step_other))
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
    return False


class _Overlaps:
    """Answers whether two positions can match one character; each answer is computed once."""

    def __init__(self, ranges: list[Ranges]) -> None:
        """Number the distinct ranges: an expression has few."""
        numbers: dict[Ranges, int] = {}
        self._number = [numbers.setdefault(each, len(numbers)) for each in ranges]
        self._ranges = list(numbers)
        self._known: dict[tuple[int, int], bool] = {}

    def test(self, one: int, other: int) -> bool:
        """Whether the positions have a character in common."""
        key = (self._number[one], self._number[other])
        if key not in self._known:
            self._known[key] = any(
                max(low, low_) <= min(high, high_)
                for low, high in self._ranges[key[0]]
                for low_, high_ in self._ranges[key[1]]
            )
        return self._known[key]


def _cycles(follows: list[set[int]]) -> Iterable[frozenset[int]]:
    """Yield the strongly connected components that hold a cycle (Tarjan, 1972; no recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in range(len(follows)):
        if root in index:
            continue
        work = [(root, iter(follows[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            here, steps = work[-1]
            step = next(steps, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    cut = stack.index(here)
                    component = frozenset(stack[cut:])
                    del stack[cut:]
                    on_stack -= component
                    if len(component) > 1 or here in follows[here]:
                        yield component
            elif step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                on_stack.add(step)
                work.append((step, iter(follows[step])))
            elif step in on_stack:
                low[here] = min(low[here], index[step])
