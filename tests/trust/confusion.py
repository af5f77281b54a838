"""How well the audit of names tells made-up imitations from honest names.

    python -m tests.trust.confusion

Audits both lists of `names/` together, as one registry would have them: honest names are popular,
imitations are not. An honest name counts as wrongly suspected whatever it is suspected of; a stated
base explains a name as it does in the registry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from artifacts.enums import ArtifactType, SourceKind
from artifacts.rules.confusion.labels import Called, make_labels
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sweep import Suspicion, find_suspicions

_NAMES = Path(__file__).with_name("names")
_POPULAR = 100_000


@dataclass(frozen=True)
class Figures:
    """What was found.

    Attributes:
        found: how many imitations are suspected of being like what they are made like.
        named: how many of these by the mechanism by which they were made.
        wrong: honest names that are suspected, each with what it is suspected of.
        missed: imitations that are not, each with the mechanism.
        by_mechanism: found and made.
    """

    made: int
    honest: int
    found: int
    named: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    by_mechanism: dict[str, tuple[int, int]]

    @property
    def precision(self) -> float:
        """Of all suspects, the share that is made up."""
        return self.found / (self.found + len(self.wrong))

    @property
    def recall(self) -> float:
        """Of all that is made up, the share that is suspected."""
        return self.found / self.made


def read_rows(name: str) -> list[list[str]]:
    """Return the rows of a list."""
    lines = (_NAMES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def audit() -> Figures:
    """Audit both lists together."""
    honest, made = read_rows("honest.txt"), read_rows("confused.txt")
    labels = []
    for rows, downloads in ((honest, _POPULAR), (made, 1)):
        for at, (name, kind, *_) in enumerate(rows):
            what = ArtifactType.CODE if kind == SourceKind.GITHUB else ArtifactType.MODEL
            called = Called(name, what, name, at, kind, name, downloads)
            labels += make_labels(called)
    bases = {name: base for name, _, base, _ in honest if base}
    targets = {name: (target, mechanism) for name, _, target, mechanism in made}
    suspected: dict[str, list[Suspicion]] = defaultdict(list)
    for each in find_suspicions(labels):
        if not _is_explained(each, bases):
            suspected[each.suspect.id].append(each)
    found, named = set(), set()
    for name, (target, mechanism) in targets.items():
        of_target = [each for each in suspected[name] if _is_like(each, target)]
        found |= {name} if of_target else set()
        named |= {name} if mechanism in {each.sign.mechanism for each in of_target} else set()
    counts = Counter(mechanism for _, mechanism in targets.values())
    hits = Counter(targets[name][1] for name in found)
    return Figures(
        made=len(made),
        honest=len(honest),
        found=len(found),
        named=len(named),
        wrong=tuple(
            f"{name} like {suspected[name][0].other.id}: {suspected[name][0].sign.mechanism}"
            for name, *_ in honest
            if suspected[name]
        ),
        missed=tuple(f"{name}: {targets[name][1]}" for name in targets if name not in found),
        by_mechanism={each: (hits[each], counts[each]) for each in Mechanism.values()},
    )


def _is_like(suspicion: Suspicion, target: str) -> bool:
    """Whether a suspicion is about what an imitation was made like: that, or its owner."""
    if suspicion.sign.mechanism == Mechanism.OWNER:
        return suspicion.other.id.partition("/")[0] == target.partition("/")[0]
    return suspicion.other.id == target


def _is_explained(suspicion: Suspicion, bases: dict[str, str]) -> bool:
    """Whether a stated base explains a name, as `selectors.trust.suspicions` has it."""
    suspect, other = suspicion.suspect.id, suspicion.other.id
    if bases.get(other) == suspect:
        return True
    if not suspicion.sign.is_explained_by_lineage:
        return False
    same = bases.get(suspect) is not None and bases.get(suspect) == bases.get(other)
    is_scope = suspicion.sign.mechanism == Mechanism.SCOPE
    return bases.get(suspect) == other or (same and is_scope)


def main() -> None:
    """Print the figures."""
    figures = audit()
    print(f"{figures.made} imitations among {figures.honest:,} honest names")
    print(f"precision {figures.precision:.3f}: {len(figures.wrong)} honest names are suspected")
    print(f"recall {figures.recall:.3f}: {figures.found} found, {figures.named} by their mechanism")
    for mechanism, (found, made) in figures.by_mechanism.items():
        print(f"  {mechanism:<11} {found:>3} of {made:>3}")
    for each in figures.wrong:
        print(f"wrong:  {each}")
    for each in figures.missed:
        print(f"missed: {each}")


if __name__ == "__main__":
    main()
