import pytest

from artifacts.rules import deadline
from tests.unit.services.upkeep.test_activity import Clock


@pytest.mark.parametrize(("passed_s", "left_s"), [(0, 30.0), (12, 18.0), (30, 0.0), (31, 0.0)])
def test_deadline_when_time_passes_then_less_is_left_and_never_below_none(
    monkeypatch, passed_s, left_s
):
    clock = Clock()
    monkeypatch.setattr(deadline, "time", clock)
    ends = deadline.Deadline(30)
    clock.now += passed_s
    assert ends.left_s == left_s
