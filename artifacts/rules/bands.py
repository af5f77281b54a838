"""Bands of numbers among which people choose: of scores and of sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Band:
    """A band of numbers, from `low` to below `end`.

    Attributes:
        word: what stands for it in an address.
        end: None for no end.
    """

    word: str
    title: str
    low: float
    end: float | None = None


# Net scores, from 0 to 1. The gate asks each metric for 0.5.
SCORE_BANDS: Final = (
    Band("high", "0.75 and more", 0.75),
    Band("good", "0.5 to 0.75", 0.5, 0.75),
    Band("fair", "0.25 to 0.5", 0.25, 0.5),
    Band("low", "under 0.25", 0.0, 0.25),
)
_MB, _GB = 10**6, 10**9
# What fits where: a browser or a telephone, a laptop, one graphics card, several.
SIZE_BANDS: Final = (
    Band("small", "under 100 MB", 0, 100 * _MB),
    Band("medium", "100 MB to 1 GB", 100 * _MB, _GB),
    Band("large", "1 to 10 GB", _GB, 10 * _GB),
    Band("huge", "10 GB and more", 10 * _GB),
)


def find_band(bands: tuple[Band, ...], number: float | None) -> str:
    """Return the word of the band that a number is in, "" for none."""
    if number is None:
        return ""
    # A plain loop: the catalogue asks for thousands of sizes at once.
    for band in bands:
        if band.low <= number and (band.end is None or number < band.end):
            return band.word
    return ""
