"""Sharing the places for concurrent tasks between long and short ones."""

from artifacts.limits import SHORT_TASKS_SHARE


def long_tasks_max(tasks_max: int) -> int:
    """Return how many of the concurrent tasks may be long; at least one."""
    return max(1, tasks_max - max(1, tasks_max // SHORT_TASKS_SHARE))


def are_taken(running: int, tasks_max: int) -> bool:
    """Whether a due task may be waiting just because others run, so that its delay is no fault.

    Once the long tasks' share is used, long tasks wait. The last places are still free for short
    tasks then, but with so many running, each runner looks for its next task by itself.

    Args:
        running: tasks whose lease holds.
        tasks_max: how many may run at once; 0 for no limit.
    """
    return tasks_max > 0 and running >= long_tasks_max(tasks_max)
