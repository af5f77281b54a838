"""What Lambda calls. Own events go to the tasks, everything else to Zappa's handler.

Zappa's handler knows the events of API Gateway and of function URLs, of schedules and of
`zappa manage`. Ours are `{"registry_task": "<id>"}`, which does one task, and
`{"registry_work": true}`, which does what is due.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any
from uuid import UUID

from registry_site.spared_imports import installed_version, seeming_absent, standing_in

_MILLISECONDS = 1_000
# So many objects more than before are made until Python looks for garbage among them.
_GARBAGE_OBJECTS = 7_000

# Hardly anything that a start makes becomes garbage, and looking for some, again and again while
# modules are imported, takes a good part of it. What is there at the end is never looked at again.
gc.disable()

# Zappa's handler shares a module with its commands and can unpack code from a bucket, and werkzeug
# brings a server along. boto3 alone takes as long to import as Django; a request that needs no
# bucket needs no boto3.
with standing_in(
    {
        "boto3": {"Session": object},
        "botocore": {},
        "tarfile": {},
        "werkzeug.serving": {"run_simple": None},
    }
):
    from zappa.handler import LambdaHandler

# Here and not at the first event: Lambda gives a function more processor time for its start.
# psycopg looks up its own version, and would look for a libpq if it had not brought one.
with standing_in(
    {
        "ctypes.util": {"find_library": None},
        "importlib.metadata": {"PackageNotFoundError": KeyError, "version": installed_version},
    }
):
    _zappa = LambdaHandler()
# What the REST framework would support if it were asked to, and its own schema; ours is made by
# drf-spectacular.
with (
    seeming_absent("django.contrib.postgres", "inflection", "requests", "uritemplate", "yaml"),
    standing_in({"rest_framework.schemas.openapi": {"AutoSchema": None, "SchemaGenerator": None}}),
):
    import_module("rest_framework.schemas")
gc.freeze()
# An instance answers one request at a time and has memory to spare: ten times rarer than usual.
gc.set_threshold(_GARBAGE_OBJECTS)
gc.enable()


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
