"""The curves that scores are made of. Each rises with its evidence and never falls."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping


def saturating(amount: float, half: float) -> float:
    """Return 0 for nothing, 0.5 at `half`, then nearing 1: the first items count most.

    Raises:
        ValueError: the amount is negative.
    """
    if amount < 0:
        raise ValueError(f"An amount of {amount} is negative.")
    return amount / (amount + half)


def logarithmic(count: int, full: int) -> float:
    """Return 0 for nothing and 1 from `full` on, on a logarithmic scale: for popularity."""
    return min(1.0, math.log1p(max(0, count)) / math.log1p(full))


def weighted(parts: Iterable[tuple[float, float]]) -> float:
    """Return the sum of weight times share; the weights add up to 1."""
    return min(1.0, math.fsum(weight * share for weight, share in parts))


def halves(shares: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """Return the names of the shares that reach one half, and of those that do not."""
    reached = [name for name, share in shares.items() if share >= 0.5]  # noqa: PLR2004  (half)
    return reached, [name for name in shares if name not in reached]


def rounded(score: float) -> float:
    """Return a score with four decimals: more would claim a false precision."""
    return round(score, 4)
