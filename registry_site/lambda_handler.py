"""What Lambda calls. Own events go to the tasks, everything else to Zappa's handler.

Zappa's handler knows the events of API Gateway and of function URLs, of schedules and of
`zappa manage`. Ours are `{"registry_task": "<id>"}`, which does one task, and
`{"registry_work": true}`, which does what is due.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from uuid import UUID

_MILLISECONDS = 1_000


@contextmanager
def _without_boto3() -> Iterator[None]:
    """Let a module be imported that imports boto3 at its top, but needs it for nothing we call.

    boto3 takes as long to import as Django, and a request that needs no bucket needs no boto3.
    The stand-in is taken away again, so whoever imports boto3 later gets the real one.
    """
    names = [name for name in ("boto3", "botocore") if name not in sys.modules]
    for name in names:
        stand_in = ModuleType(name)
        # The one attribute that annotations name.
        vars(stand_in)["Session"] = object
        sys.modules[name] = stand_in
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


with _without_boto3():
    from zappa.handler import LambdaHandler

# Here and not at the first event: Lambda starts a function with more processor time than it runs.
_zappa = LambdaHandler()


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Do what an event asks for, and return what Lambda hands back."""
    if "registry_task" in event:
        from artifacts.tasks import events

        return events.run_task(UUID(event["registry_task"]), _seconds_left(context))
    if "registry_work" in event:
        return run_due_tasks(event, context)
    return _zappa.lambda_handler(event, context)


def run_due_tasks(_event: dict[str, Any], context: Any) -> Any:
    """Do what is due; scheduled every minute, for tasks whose wake-up got lost or comes later."""
    from artifacts.tasks import events

    return events.run_due(_seconds_left(context))


def keep_house(_event: dict[str, Any], context: Any) -> Any:
    """Remove what failures left behind, and the like; scheduled daily."""
    from artifacts.tasks import events

    return events.keep_house(_seconds_left(context))


def _seconds_left(context: Any) -> float:
    """Return how long this invocation may still take."""
    milliseconds: int = context.get_remaining_time_in_millis()
    return milliseconds / _MILLISECONDS
