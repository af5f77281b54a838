"""Which operations run side by side in which round, and how a campaign is cut into chunks."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, combinations_with_replacement
from pathlib import Path

from tests.races.operation import Operation
from tests.races.operations import OPERATIONS
from tests.races.tally import BESIDE, Act, pair_of

# Without a number, one round of some of the pairs: those that end somebody or something, and a few.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "0"))
# How often the operations of each pair are under way at one moment in crowds; without a number, a
# few crowds.
MEETINGS = int(os.environ.get("RACE_MEETINGS", "0"))
SEED = int(os.environ.get("RACE_SEED", "9"))
# "2/3": the second of three processes; together they do all chunks.
PART, PARTS = (int(each) for each in os.environ.get("RACE_PART", "1/1").split("/"))
# Where each chunk leaves its tally; a chunk that has left one is not run again.
JOURNAL = Path(os.environ["RACE_JOURNAL"]) if os.environ.get("RACE_JOURNAL") else None

CROWD = int(os.environ.get("RACE_CROWD", "16"))
CROWDS_SAMPLED = 10
PAIRS = list(combinations_with_replacement(OPERATIONS, 2))
SAMPLED = 60
ENDING = ("reset", "delete the user", "delete")
# Whoever meets these is soon refused, so few of them are in one crowd, or all of them.
TAKING = {
    "reset", "staff: reset", "delete the user", "staff: delete user", "demote",
    "staff: demote and set password", "staff: revoke tokens", "delete an administrator",
    "demote an administrator", "demote who decides", "change one's password",
}  # fmt: skip
TAKING_MAX = 2
# Several chunks, so that a failure says something before all pairs are through, a campaign can go
# on where it ended, and no test keeps the log of too many rounds.
SLICES = 4
MEETINGS_A_CHUNK = 20
# Some are over so quickly that they seldom meet; after so many rounds for each meeting, it is told.
TRIES_MAX = 8


def chunks_of_pairs() -> list[int]:
    """The numbers of the chunks of two at a time that this process runs."""
    return list(range(max(ROUNDS, 1) * SLICES))[PART - 1 :: PARTS]


def chunks_of_crowds() -> list[int]:
    """The numbers of the chunks of crowds that this process runs."""
    return list(range(max(-(-MEETINGS // MEETINGS_A_CHUNK), 1)))[PART - 1 :: PARTS]


def pairs_in(chunk: int) -> list[tuple[int, tuple[Operation, ...]]]:
    """The rounds of a chunk of pairs, each with its number."""
    number, part = divmod(chunk, SLICES)
    if ROUNDS:
        return [(number, pair) for pair in PAIRS[part::SLICES]]
    chance = random.Random(SEED)
    picked = chance.sample(PAIRS, SAMPLED)
    ending = [pair for pair in PAIRS if {each.name for each in pair} & set(ENDING)]
    picked += chance.sample(ending, SAMPLED)
    return [(0, pair) for pair in picked[part::SLICES]]


@dataclass
class Crowds:
    """The crowds of a chunk, in which each pair of different operations meets so often.

    A meeting counts when both were under way at one moment, so each crowd follows from what the
    crowds before it came to.
    """

    chunk: int
    owed: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[tuple[int, tuple[Operation, ...]]]:
        """Return the crowds, each with its number."""
        chance = random.Random(f"{SEED}-{self.chunk}")
        if not MEETINGS:
            for number in range(CROWDS_SAMPLED):
                yield number, tuple(chance.sample(OPERATIONS, CROWD))
            return
        share = min(MEETINGS_A_CHUNK, MEETINGS - self.chunk * MEETINGS_A_CHUNK)
        pairs = [pair_of(one.name, other.name) for one, other in combinations(OPERATIONS, 2)]
        self.owed = Counter(dict.fromkeys(pairs, share))
        self.tries = Counter(dict.fromkeys(pairs, share * TRIES_MAX))
        number = 0
        while self.owed:
            yield number, self._gather(chance)
            number += 1

    def note(self, acts: Sequence[Act]) -> None:
        """Take off what a round has served."""
        for one, other in combinations(acts, 2):
            pair = pair_of(one.name, other.name)
            self.tries[pair] -= 1
            self.owed[pair] -= one.meets(other)
            if self.owed[pair] <= 0 or self.tries[pair] <= 0:
                del self.owed[pair]

    def _gather(self, chance: random.Random) -> tuple[Operation, ...]:
        """One pair that is owed a meeting, and whoever is owed most with those there already."""
        first = chance.choice(list(self.owed)).split(BESIDE)
        crowd = [each for each in OPERATIONS if each.name in first]
        taking_max = TAKING_MAX if set(first) - TAKING else len(TAKING)
        while len(crowd) < CROWD:
            is_full = sum(each.name in TAKING for each in crowd) >= taking_max
            others = [
                each
                for each in OPERATIONS
                if each not in crowd and not (is_full and each.name in TAKING)
            ]
            chance.shuffle(others)
            crowd.append(max(others, key=partial(self._owed_with, crowd)))
        chance.shuffle(crowd)
        return tuple(crowd)

    def _owed_with(self, crowd: Sequence[Operation], other: Operation) -> int:
        return sum(pair_of(other.name, each.name) in self.owed for each in crowd)
