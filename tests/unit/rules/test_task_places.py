import pytest

from artifacts.rules.task_places import are_taken, long_tasks_max


@pytest.mark.parametrize(
    ("tasks_max", "long_max"), [(1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (8, 6), (40, 30)]
)
def test_long_tasks_when_many_may_run_then_some_room_is_left(tasks_max, long_max):
    assert long_tasks_max(tasks_max) == long_max


@pytest.mark.parametrize(
    ("running", "tasks_max", "taken"),
    [(0, 0, False), (50, 0, False), (0, 1, False), (1, 1, True), (3, 5, False), (4, 5, True)],
)
def test_places_when_so_many_run_then_taken_from_the_share_of_long_ones_on(
    running, tasks_max, taken
):
    assert are_taken(running, tasks_max) is taken
