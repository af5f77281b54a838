"""Refuses Zappa settings that our own entry point of the function does not support.

Zappa would silently accept each of them, to no effect. `registry_site/lambda_handler.py` is the
entry point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OTHER_EVENTS = "the function takes requests, schedules and commands only"
_SECRETS = "secrets are named by their ARN (docs/settings.md)"
# A setting that a stage may not have -> why it would have no effect or do harm.
_REFUSED: dict[str, str] = {
    "additional_text_mimetypes": "registry_site/lambda_requests.py says which bodies are text",
    "app_type": "the registry is a WSGI application",
    "async_source": "tasks are rows of the database",
    "bot_events": _OTHER_EVENTS,
    "cognito": _OTHER_EVENTS,
    "context_header_mappings": "the registry reads no such header",
    "environment_variables": "they would lie in the package; use aws_environment_variables",
    "exception_handler": "failures are written into the log",
    "remote_env": _SECRETS,
    "remote_env_bucket": _SECRETS,
    "slim_handler": "a rollback would not bring the code back",
    "websocket_handler_module": _OTHER_EVENTS,
}


def find_faults(stage: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each setting of a stage that is refused.

    Args:
        stage: the stage's settings, including those of the stages that it extends.
    """
    found = {name: why for name, why in _REFUSED.items() if stage.get(name)}
    if not stage.get("binary_support", True):
        found["binary_support"] = "files could not be downloaded"
    if "function" in stage.get("authorizer", {}):
        found["authorizer"] = "a function of the package is not called for it"
    if any("event_source" in event for event in stage.get("events", [])):
        found["events"] = f"one has an event_source, and {_OTHER_EVENTS}"
    return [
        f"Take {name} out of zappa_settings.json, or change it: {why}."
        for name, why in sorted(found.items())
    ]
