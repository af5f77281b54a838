import math

import pytest

from artifacts.rules.charts import HEIGHT, WIDTH, draw_lines, stack_bars


def test_bars_when_stacked_then_stand_on_each_other_within_the_field():
    chart = stack_bars([[1, 0, 3], [1, 0, 2]])
    assert chart.highest == 5
    assert [(bar.series, bar.column) for bar in chart.bars] == [(0, 0), (1, 0), (0, 2), (1, 2)]
    low, high = chart.bars[2:]
    assert (low.y + low.height, high.y + high.height) == (HEIGHT, low.y)
    assert high.y == 0
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)


@pytest.mark.parametrize("series", [[], [[]], [[0, 0]]])
def test_bars_when_nothing_was_counted_then_none(series):
    assert stack_bars(series).bars == ()


@pytest.mark.parametrize(
    ("value", "highest"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (51, 100), (1000, 1000)]
)
def test_bars_when_scaled_then_a_round_number_at_the_top(value, highest):
    assert stack_bars([[value]]).highest == highest


def test_lines_when_a_value_is_unknown_then_broken():
    (path,) = draw_lines([[1, None, 10, 100]]).paths
    assert path.count("M") == 2
    assert path.count("L") == 1
    assert path.startswith(f"M15.0 {HEIGHT}")


def test_lines_when_a_value_exceeds_every_edge_then_at_the_top():
    chart = draw_lines([[math.inf, 20]])
    assert chart.highest == 20
    assert chart.paths[0].startswith("M30.0 0.0")


def test_lines_when_nothing_is_known_then_empty():
    assert draw_lines([[None, None]]).paths == ("",)
