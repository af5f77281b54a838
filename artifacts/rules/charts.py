"""The geometry of charts. Templates draw it as SVG, and show the same numbers as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600.0, 120.0
# Of the room of a bar, which leaves a gap to the next.
_BAR_SHARE = 0.8
# A logarithmic scale needs some length.
_LINES_HIGHEST_MIN = 10.0


@dataclass(frozen=True)
class Bar:
    """A bar, or the part of one that stands on others.

    Attributes:
        series: which of the series it shows, from 0.
        column: the place of its value in the series.
    """

    series: int
    column: int
    x: float
    y: float
    width: float
    height: float

    @property
    def outline(self) -> str:
        """Return it as an SVG path takes it."""
        return f"M{self.x} {self.y}h{self.width}v{self.height}h-{self.width}z"


@dataclass(frozen=True)
class Chart:
    """Bars or lines in a field of `WIDTH` by `HEIGHT`.

    Attributes:
        highest: the value at the upper edge.
        paths: for each series what an SVG path takes; where a value is unknown the line is broken.
    """

    highest: float
    bars: tuple[Bar, ...] = ()
    paths: tuple[str, ...] = ()
    width: float = WIDTH
    height: float = HEIGHT


def stack_bars(series: Sequence[Sequence[float]]) -> Chart:
    """Return bars, one for each place of the series; the first series stands at the bottom."""
    columns = list(zip(*series, strict=True))
    highest = _round_up(max((sum(column) for column in columns), default=0.0))
    room = WIDTH / max(1, len(columns))
    bars = []
    for place, column in enumerate(columns):
        below = 0.0
        for number, value in enumerate(column):
            height = HEIGHT * value / highest
            if height:
                x, y = place * room + room * (1 - _BAR_SHARE) / 2, HEIGHT - below - height
                bars.append(
                    Bar(number, place, _cut(x), _cut(y), _cut(room * _BAR_SHARE), _cut(height))
                )
            below += height
    return Chart(highest, tuple(bars))


def draw_lines(series: Sequence[Sequence[float | None]]) -> Chart:
    """Return a line for each series, on a logarithmic scale that begins at 1.

    Infinity is drawn at the upper edge.
    """
    known = [value for each in series for value in each if value is not None]
    highest = _round_up(max((value for value in known if math.isfinite(value)), default=0.0))
    highest = max(_LINES_HIGHEST_MIN, highest)
    return Chart(highest, paths=tuple(_draw_line(each, highest) for each in series))


def _draw_line(values: Sequence[float | None], highest: float) -> str:
    """Return the path of one line. A value between two unknown ones becomes a short stroke."""
    room = WIDTH / max(1, len(values))
    steps = []
    is_on = False
    for place, value in enumerate(values):
        if value is not None:
            height = math.log(min(max(value, 1.0), highest)) / math.log(highest)
            y = _cut(HEIGHT * (1 - height))
            steps.append(f"{'L' if is_on else 'M'}{_cut(place * room + room * 0.1)} {y}")
            steps.append(f"H{_cut(place * room + room * 0.9)}")
        is_on = value is not None
    return " ".join(steps)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 ... for the upper edge, at least 1."""
    if value <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _cut(number: float) -> float:
    """Return a length with as many places as can be seen."""
    return round(number, 1)
