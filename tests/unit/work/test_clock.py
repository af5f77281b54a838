from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from artifacts.limits import DELETE_BATCH_KEYS, TASK_STOP_BEFORE_S
from artifacts.work import clock


class Hand:
    """A deadline that a test moves."""

    left_s = 900.0


def delete_in_batches(keys: Iterator[str]) -> list[list[str]]:
    batches = []
    while batch := list(islice(keys, DELETE_BATCH_KEYS)):
        batches.append(batch)
    return batches


@pytest.mark.parametrize(
    ("deleted", "has_progressed"), [(DELETE_BATCH_KEYS - 1, False), (DELETE_BATCH_KEYS + 1, True)]
)
def test_in_time_when_time_ends_then_only_whole_batches_count_as_progress(deleted, has_progressed):
    deadline: Any = Hand()

    def keys() -> Iterator[str]:
        for number in range(3 * DELETE_BATCH_KEYS):
            if number == deleted:
                deadline.left_s = 1.0
            yield str(number)

    with clock.attempting(deadline) as attempt, pytest.raises(clock.OutOfTime):
        delete_in_batches(clock.in_time(keys()))
    assert attempt.has_progressed == has_progressed


def test_in_time_when_nothing_ends_it_then_every_key():
    assert list(clock.in_time(iter("abc"))) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("left_s", "stops"), [(TASK_STOP_BEFORE_S, True), (TASK_STOP_BEFORE_S + 0.1, False)]
)
def test_check_time_when_the_invocation_ends_soon_then_stops(left_s, stops):
    deadline: Any = Hand()
    deadline.left_s = left_s
    stopped = False
    with clock.attempting(deadline):
        try:
            clock.check_time()
        except clock.OutOfTime:
            stopped = True
    assert stopped == stops


def test_clock_when_there_is_no_attempt_then_nothing_ends():
    clock.check_time()
    clock.note_kept()
    assert not clock.is_timed()


@pytest.mark.parametrize(("deadline", "is_timed"), [(None, False), (Hand(), True)])
def test_is_timed_when_an_invocation_ends_the_task_then_so(deadline, is_timed):
    with clock.attempting(deadline):
        assert clock.is_timed() is is_timed
    assert not clock.is_timed()
