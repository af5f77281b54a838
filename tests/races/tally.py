"""What a campaign of races has come to; each of its chunks leaves one file, so it can go on.

`python -m tests.races.tally FOLDER` prints the sum of all chunks in a folder.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from statistics import median
from typing import Self

DONE = {200, 201, 202, 302}
BUSY = 503
REFUSED = {401, 403, 404, 409, 412, BUSY}
# Where the registry itself acts: there is no answer, and it did what it had to.
ACTED = 0
CRASHED = -1
# Between the names of two operations.
BESIDE = " | "


@dataclass(frozen=True)
class Act:
    """What one operation of a round did.

    Attributes:
        began, ended: seconds of one clock.
        status: of its answer; `ACTED` without one, `CRASHED` without a sentence.
        wrong: what is wrong with it, "" for nothing.
    """

    name: str
    began: float
    ended: float
    status: int
    wrong: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it was not refused."""
        return self.status in DONE or self.status == ACTED

    def meets(self, other: Act) -> bool:
        """Whether both were under way at one moment."""
        return self.began < other.ended and other.began < self.ended


@dataclass
class Tally:
    """Counts of rounds.

    Attributes:
        together: how often two operations were in one round, by their names.
        met: how often they were under way at one moment.
        done: how often, of these, neither was refused.
        statuses: how often an operation answered so.
    """

    rounds: int = 0
    seconds: float = 0.0
    together: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def add_round(self, acts: Sequence[Act], findings: Iterable[str]) -> None:
        """Count one round."""
        self.rounds += 1
        self.findings += findings
        for act in acts:
            self.statuses.setdefault(act.name, Counter())[str(act.status)] += 1
        for one, other in combinations(acts, 2):
            pair = pair_of(one.name, other.name)
            self.together[pair] += 1
            self.met[pair] += one.meets(other)
            self.done[pair] += one.meets(other) and one.is_done and other.is_done

    def add(self, other: Self) -> None:
        """Take over the counts of another one."""
        self.rounds += other.rounds
        self.seconds += other.seconds
        self.findings += other.findings
        self.together += other.together
        self.met += other.met
        self.done += other.done
        for name, statuses in other.statuses.items():
            self.statuses[name] = self.statuses.get(name, Counter()) + statuses

    def write(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(vars(self), indent=1))
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what `write` wrote."""
        found = json.loads(path.read_text())
        for name in ("together", "met", "done"):
            found[name] = Counter(found[name])
        found["statuses"] = {name: Counter(each) for name, each in found["statuses"].items()}
        return cls(**found)

    def lines(self, pairs: Sequence[str]) -> list[str]:
        """Say it, about these pairs."""
        return [
            f"{self.rounds} rounds in {self.seconds:.0f} s, {len(self.findings)} findings",
            *(
                f"{len(pairs)} pairs {word}: {_spread([counts[pair] for pair in pairs])}"
                for word, counts in (
                    ("in one round", self.together),
                    ("under way at one moment", self.met),
                    ("of these, neither refused", self.done),
                )
            ),
            *(
                f"  {name}: {', '.join(f'{status} {n}' for status, n in sorted(each.items()))}"
                for name, each in sorted(self.statuses.items())
            ),
            *(f"FINDING {each}" for each in self.findings),
        ]


def pair_of(one: str, other: str) -> str:
    """The name of a pair, whichever of the two comes first."""
    return BESIDE.join(sorted((one, other)))


def _spread(counts: Sequence[int]) -> str:
    return f"{min(counts)} at least, {median(counts):g} in the middle, {max(counts)} at most"


def main(folder: str) -> None:
    """Print what the chunks in a folder come to, by database and kind of round."""
    sums: dict[str, Tally] = {}
    for path in sorted(Path(folder).glob("*.json")):
        database, kind, _ = path.stem.split("-", 2)
        sums.setdefault(f"{database} {kind}", Tally()).add(Tally.read(path))
    for title, tally in sums.items():
        choose = combinations if title.endswith("crowds") else combinations_with_replacement
        pairs = [pair_of(*pair) for pair in choose(tally.statuses, 2)]
        print(f"{title}: ", "\n".join(tally.lines(pairs)), sep="")


if __name__ == "__main__":
    main(sys.argv[1])
