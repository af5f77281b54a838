"""How the scores of a metric spread over many models, and whether it tells them apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# A metric that gives more than half of the models one score tells little about most of them.
COMMON_SHARE_MAX = 0.5
# Of fewer rated models a most common score says nothing.
RATED_MIN = 5


@dataclass(frozen=True)
class Distribution:
    """The scores that a metric gave.

    Attributes:
        models: how many models there are.
        rated: how many of them have a score.
        quantiles: of the scores, at `QUANTILES`; () if there are none.
        common: the most common score, None if there are none.
        common_share: how many of the rated models have it, from 0 to 1.
    """

    models: int
    rated: int
    quantiles: tuple[float, ...]
    common: float | None
    common_share: float

    @property
    def unknown_share(self) -> float:
        """The share of the models without a score, from 0 to 1."""
        return 1 - self.rated / self.models if self.models else 0.0

    @property
    def is_near_constant(self) -> bool:
        """Whether more than half of the rated models have one and the same score."""
        return self.rated >= RATED_MIN and self.common_share > COMMON_SHARE_MAX


def describe(scores: Sequence[float | None]) -> Distribution:
    """Return how scores are spread; None is an unknown one, and counts among the models alone."""
    known = sorted(score for score in scores if score is not None)
    if not known:
        return Distribution(len(scores), 0, (), None, 0.0)
    # Of several scores that are equally common, the lowest, so that each run prints the same.
    common, count = min(Counter(known).items(), key=lambda each: (-each[1], each[0]))
    quantiles = tuple(find_quantile(known, share) for share in QUANTILES)
    return Distribution(len(scores), len(known), quantiles, common, count / len(known))


def find_quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of ordered numbers, between two of them by linear interpolation.

    Source: Hyndman and Fan, Sample Quantiles in Statistical Packages (1996), definition 7.
    """
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def write_line(name: str, found: Distribution) -> str:
    """Return a row of the table."""
    shown = "  ".join(f"{each:.2f}" for each in found.quantiles) or "nothing is known"
    line = f"{name:24} {found.unknown_share:8.0%} {found.rated:6}   {shown}"
    if found.common is None:
        return line
    mark = "  NEAR-CONSTANT" if found.is_near_constant else ""
    return f"{line}   {found.common:.2f} in {found.common_share:.0%}{mark}"
