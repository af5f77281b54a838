"""Every JSON answer that the tests' `ApiClient` gets is held to the schema of the clients.

A schema lets answers grow: where it does not state `additionalProperties`, JSON Schema allows any
field. Here, no field is answered that the schema does not name.
"""

import re
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404
from jsonschema import Draft7Validator, FormatChecker

from artifacts.routes import hub, is_hub, is_page

# What may be answered anywhere before or beside the operation: a method that is not there, a body
# that breaks off or never comes, headers that are too long, a crash, a component that is away.
ANYWHERE = ("400", "403", "405", "408", "413", "431", "500", "503", "507")
ERROR = {"$ref": "#/components/schemas/Error"}
# Routes that are no operations: their answers are pages or bytes, and errors.
PAGES = ("schema", "admin")
# The protocol of the Hub has forms of its own, which its clients hold it to.
_OF_HUB = {route.name for route in hub.ROUTES}
BELOW = ("admin/", "content/", "uploads/content/")
_FORMATS = FormatChecker(())


class NotAsDescribed(AssertionError):
    """An answer is not what the schema says."""


@_FORMATS.checks("date-time", ValueError)
def _is_time(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uuid", ValueError)
def _is_uuid(value: Any) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@_FORMATS.checks("uri", ValueError)
def _is_uri(value: Any) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def hold(answer: Any) -> None:
    """See that an answer of a test client is what the schema says of it.

    Raises:
        NotAsDescribed: it is not, and where.
    """
    if answer.streaming or answer.request["REQUEST_METHOD"] == "HEAD":
        return
    if _is_of_hub(answer):
        _hold_to_hub(answer)
        return
    where = f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO'][:200]}"
    status = str(answer.status_code)
    route = route_of(answer)
    described = description_of(route, answer.request["REQUEST_METHOD"].lower(), status)
    if answer["Content-Type"] != "application/json":
        if route is not None and described is not None:
            raise NotAsDescribed(f"{where} answered {status} without JSON.")
        return
    if described is None:
        raise NotAsDescribed(f"{where} answered {status}, which the schema does not have.")
    for fault in described.iter_errors(answer.json()):
        raise NotAsDescribed(f"{where} answered {status}: {fault.json_path}: {fault.message}")


def _is_of_hub(answer: Any) -> bool:
    """Whether an answer is one of the Hub's protocol, unknown paths included."""
    if answer.request["PATH_INFO"].startswith(hub.API_PREFIX):
        return True
    try:
        return is_hub(answer.resolver_match)
    except Resolver404:
        return any(word in answer.request["PATH_INFO"] for word in hub.WORDS_OF_FILES)


def _hold_to_hub(answer: Any) -> None:
    """See that a refusal has the form that the Hub's clients read."""
    if answer.status_code < 400:
        return
    body = answer.json()
    if set(body) != {"error"} or not isinstance(body["error"], str):
        raise NotAsDescribed(f"{answer.request['PATH_INFO'][:200]} answered {body}.")
    said = answer["X-Error-Message"]
    if not answer["X-Error-Code"] or not said.isascii() or not said.isprintable():
        raise NotAsDescribed(f"{answer.request['PATH_INFO'][:200]} says {said!r}.")


def route_of(answer: Any) -> str | None:
    """The path of an answer's route as the schema writes it; None where there is no such route."""
    try:
        route = answer.resolver_match.route
    except Resolver404:
        return None
    is_of_hub = answer.resolver_match.url_name in _OF_HUB
    if is_of_hub or is_page(answer.resolver_match) or route in PAGES or route.startswith(BELOW):
        return None
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


@cache
def description_of(route: str | None, method: str, status: str) -> Draft7Validator | None:
    """What an answer is held against; None where the schema does not have it."""
    operation = schema()["paths"].get(route, {}).get(method) if route is not None else None
    if operation is None:
        # There is nothing at this path, or no such method: an error, whatever its status.
        return validator(ERROR) if status >= "400" else None
    if status in operation["responses"]:
        content = operation["responses"][status].get("content", {})
        return validator(content["application/json"]["schema"]) if content else None
    return validator(ERROR) if status in ANYWHERE else None


def validator(part: dict[str, Any]) -> Draft7Validator:
    return Draft7Validator(closed(part) | {"components": components()}, format_checker=_FORMATS)


@cache
def components() -> dict[str, Any]:
    return closed(schema()["components"])


@cache
def schema() -> dict[str, Any]:
    from artifacts.api.openapi import whole_schema

    return whole_schema()


def closed(part: Any) -> Any:
    """A schema without room for fields that it does not name."""
    if isinstance(part, list):
        return [closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {key: closed(each) for key, each in part.items()}
    if part.get("type") == "object" and isinstance(part.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    return found
