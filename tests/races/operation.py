"""What an operation of a race is, and how those of the staff site are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.races.world import World

# How `Operation.covers` begins where somebody asks.
DOORS = {"GET", "PUT", "POST", "DELETE", "staff"}


@dataclass(frozen=True)
class Operation:
    """Something that writes.

    Attributes:
        covers: the route and method, the staff site's page and action, or the jobs that it stands
            for.
        act: does it; returns an answer, or None where the registry itself acts.
    """

    name: str
    covers: str
    act: Callable[[World], Any]


def act_on(world: World, model: str, action: str, *keys: object, **more: str):
    data = {"action": action, "_selected_action": [str(key) for key in keys], "post": "yes"}
    return world.staff.post(reverse(f"admin:artifacts_{model}_changelist"), data | more)


def staff_page(world: World, page: str, *given: object, **data: str):
    return world.staff.post(reverse(f"admin:{page}", args=given), data)
