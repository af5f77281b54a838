"""What Lambda calls. Each kind of event has its place here; nothing else is taken.

Requests go to the application. `zappa manage` sends `{"manage": "<command and arguments>"}`, the
schedules of zappa_settings.json name one of two functions. Our own events are
`{"registry_task": "<id>"}`, which does one task, and `{"registry_work": true}`, which does what is
due. Zappa's own handler, which knows more events and runs code that they hold, is not in the
package (docs/decisions/0038-a-start-without-tricks.md).
"""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

# Zappa writes this module into each package.
from zappa_settings import API_STAGE, BASE_PATH

from registry_site import snap_start
from registry_site.lambda_requests import Event, Place, answer_request, is_request
from registry_site.spared_imports import seeming_absent

# A start makes next to no garbage. Python would look for some again and again meanwhile, through
# ever more objects; what is there at the end is never looked at again.
gc.disable()

from registry_site.wsgi import application  # noqa: E402  (without garbage collection)

# The REST framework imports these where they are installed, for what the registry does not use.
with seeming_absent("requests", "yaml"):
    import rest_framework.compat  # noqa: F401  (others find it imported)

snap_start.take_part()
gc.freeze()
gc.enable()

logger = logging.getLogger(__name__)
_MILLISECONDS = 1_000
_PLACE = Place(API_STAGE, BASE_PATH or "")


class UnknownEvent(Exception):
    """Nobody sends such an event; Lambda counts it as an error."""


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Do what an event asks for, and return what Lambda hands back."""
    if is_request(event):
        return _answer(event, context)
    if "registry_task" in event:
        from artifacts.tasks import events

        return events.run_task(UUID(event["registry_task"]), _seconds_left(context))
    if "registry_work" in event:
        return run_due_tasks(event, context)
    if event.get("detail-type") == "Scheduled Event":
        return _scheduled(event)(event, context)
    if "manage" in event:
        return _run_command(event["manage"])
    raise UnknownEvent(f"No event that is known here has the members {sorted(event)}.")


def run_due_tasks(_event: Event, context: Any) -> Any:
    """Do what is due; scheduled every minute, for tasks whose wake-up got lost or comes later."""
    from artifacts.tasks import events

    return events.run_due(_seconds_left(context))


def keep_house(_event: Event, context: Any) -> Any:
    """Remove what failures left behind, and the like; scheduled daily."""
    from artifacts.tasks import events

    return events.keep_house(_seconds_left(context))


def stay_warm(_event: Event, _context: Any) -> None:
    """Do nothing: to be called is what keeps an instance; scheduled where a stage says so."""


# By the names that zappa_settings.json gives them; the last is Zappa's own (`keep_warm`).
SCHEDULES: dict[str, Callable[[Event, Any], Any]] = {
    "registry_site.lambda_handler.run_due_tasks": run_due_tasks,
    "registry_site.lambda_handler.keep_house": keep_house,
    "handler.keep_warm_callback": stay_warm,
}


def _answer(event: Event, context: Any) -> dict[str, Any]:
    """Answer a request; what the application itself could not catch is a 500 as any other."""
    try:
        return answer_request(event, context, application=application, place=_PLACE)
    except Exception as error:
        # Here, because Lambda would write its text into the log, with all values in it.
        request_id = str(getattr(context, "aws_request_id", ""))
        logger.critical("process.crashed", exc_info=error, extra={"lambda_request_id": request_id})
        return _failed(event, request_id)


def _failed(event: Event, request_id: str) -> dict[str, Any]:
    """Return the answer to a request that met a mistake outside of the application."""
    from artifacts.api.exception_handler import internal_error

    error = internal_error()
    told = {"code": error.code, "message": error.message, "request_id": request_id}
    kind = "application/json"
    # As a load balancer sends headers, so it takes them.
    is_several = "multiValueHeaders" in event
    return {
        "statusCode": 500,
        "multiValueHeaders" if is_several else "headers": {
            "Content-Type": [kind] if is_several else kind
        },
        "body": json.dumps({"error": told}),
        "isBase64Encoded": False,
    }


def _scheduled(event: Event) -> Callable[[Event, Any], Any]:
    """Return what a rule calls; Zappa ends the rule's name with it, behind a hyphen."""
    name = str(event["resources"][0]).rpartition("/")[2].rpartition("-")[2]
    if name not in SCHEDULES:
        raise UnknownEvent(f"No schedule calls {name}.")
    return SCHEDULES[name]


def _run_command(words: str) -> dict[str, Any]:
    """Run a management command; what it prints is in the log, whose end `zappa manage` shows."""
    from django.core.management import call_command

    call_command(*words.split())
    return {}


def _seconds_left(context: Any) -> float:
    """Return how long this invocation may still take."""
    milliseconds: int = context.get_remaining_time_in_millis()
    return milliseconds / _MILLISECONDS
