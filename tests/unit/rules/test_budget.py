"""A judgement's time: counted for its own thread, larger in a task, over once it is over."""

import contextvars
import threading
import time

import pytest

from artifacts.exceptions import TooMuchToRead
from artifacts.rules.budget import Budget, in_task, judging


def worked(cpu_s: float) -> None:
    """Use so much time of this thread."""
    ends_at_s = time.thread_time() + cpu_s
    while time.thread_time() < ends_at_s:
        pass


def spent(budget: Budget) -> TooMuchToRead | None:
    """Look at a budget a little later; the error, if it is over."""
    worked(0.006)
    try:
        budget.spend("The README")
    except TooMuchToRead as error:
        return error
    return None


def test_spend_when_time_is_left_then_nothing_happens():
    assert spent(Budget(60, is_final=True)) is None


def test_spend_when_the_time_is_over_then_too_much_again_and_again():
    budget = Budget(0, is_final=True)
    errors = [spent(budget), spent(budget)]
    assert [error.try_later for error in errors] == [False, False]
    assert errors[0].message == ("The README is too much to read: it takes over 0 seconds of work.")


def test_spend_when_only_others_work_then_their_time_does_not_count():
    budget = Budget(0.05, is_final=True)
    other = threading.Thread(target=worked, args=(0.1,))
    other.start()
    other.join()
    assert spent(budget) is None


def test_judging_when_inside_of_a_judgement_then_it_is_one():
    with judging() as outer, judging() as inner:
        assert inner is outer
    with judging() as next_one:
        assert next_one is not outer


def test_judging_when_another_thread_inherits_it_then_it_has_its_own():
    found = []

    def judge() -> None:
        with judging() as budget:
            found.append(budget)

    with judging() as mine:
        thread = threading.Thread(target=contextvars.copy_context().run, args=(judge,))
        thread.start()
        thread.join()
    assert found[0] is not mine


@pytest.mark.parametrize("is_task", [False, True])
def test_judging_when_in_a_task_then_longer_and_final(set_limits, is_task):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0, JUDGED_IN_TASK_CPU_S=0.0 if is_task else 60.0)

    def error() -> TooMuchToRead | None:
        with judging() as budget:
            return spent(budget)

    if not is_task:
        assert error().try_later
        with in_task():
            assert error() is None
        return
    with in_task():
        assert not error().try_later
