"""Generating the schema; imported only when a schema is made."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.urls import get_script_prefix
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer

from artifacts.api import forms
from artifacts.api.schema import MEANINGS

_JSON = "application/json"
METHODS = ("get", "put", "post", "delete", "patch")
_making = threading.RLock()


def whole_schema() -> dict[str, Any]:
    """Return the schema; all callers share it and must not change it."""
    # The generator changes the methods that it describes, so only one may run at a time.
    with _making:
        return _made_schema()


def rendered_schema(renderer: type[BaseRenderer], url: str) -> bytes:
    """Return the schema as bytes to send, with the address that its paths are relative to."""
    with _making:
        # mypy takes the hash of such a class for that of its instances.
        return _rendered_schema(cast("Hashable", renderer), url)


def server() -> str:
    """Return the address that paths are relative to, without a slash at its end.

    Without `REGISTRY_BASE_URL` it is relative to the schema's own address, since the host that a
    client names cannot be trusted.
    """
    return (settings.REGISTRY_BASE_URL + get_script_prefix()).rstrip("/") or "/"


@cache
def _made_schema() -> dict[str, Any]:
    """Make the schema. It depends only on the code, so once in a process is enough."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]  # its own
        request=None, public=True
    )
    return schema


# Two forms, and the addresses of a stage and of a domain before it.
@lru_cache(maxsize=8)
def _rendered_schema(renderer: Any, url: str) -> bytes:
    """Render the schema as YAML or JSON."""
    schema = _made_schema() | {"servers": [{"url": url}]}
    written: str | bytes = renderer().render(schema, renderer_context={})
    return written.encode() if isinstance(written, str) else written


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own
    """Describes the token header."""

    target_class = "artifacts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  (its form)
        """Return the header's description."""
        return {"type": "apiKey", "in": "header", "name": "X-Authorization"}


def apply_descriptions(endpoints: list[Any], **_: Any) -> list[Any]:
    """Pass on what `schema.described` has kept; the generator calls this before it starts.

    Args:
        endpoints: of each operation its path, the path's expression, the method and the view.
    """
    for _path, _expression, method, view in endpoints:
        operation = getattr(view.cls, view.actions[method.lower()])
        words = getattr(operation, "described", None)
        # Only once, since each description would wrap the one before.
        if words is not None and not vars(operation).get("is_described"):
            extend_schema(**words())(operation)
            vars(operation)["is_described"] = True
    return endpoints


def apply_forms(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the forms of `forms.py` to a schema; the generator calls this when it is done."""
    for operation in _operations(result):
        _describe_parameters(operation)
        _describe_body(operation)
        _describe_answer(operation)
        _describe_refusals(operation)
    schemas = result["components"]["schemas"]
    for name, fields in (*forms.IN_BODY.items(), *forms.IN_ANSWER.items()):
        for field, form in fields.items():
            schemas[name]["properties"][field] |= deepcopy(form)
    for name in forms.CLOSED:
        schemas[name]["additionalProperties"] = False
    return result


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the description of each method of each path."""
    for methods in schema["paths"].values():
        yield from (operation for name, operation in methods.items() if name in METHODS)


def _describe_parameters(operation: dict[str, Any]) -> None:
    """Give parts of paths and queries their forms."""
    own = forms.IN_QUERY.get(operation["operationId"], {})
    for each in operation.get("parameters", ()):
        if each["in"] == "path":
            each["schema"] = deepcopy(forms.IN_PATH[each["name"]])
        elif each["name"] in own:
            each["schema"] |= own[each["name"]]
    for header, each in operation["responses"].get("200", {}).get("headers", {}).items():
        each["schema"] |= own.get(header, {})


def _describe_body(operation: dict[str, Any]) -> None:
    """State that a body is JSON: the parser treats it so, whatever its type."""
    body = operation.get("requestBody")
    if body is None:
        return
    (described,) = body["content"].values()
    described["schema"] |= forms.LISTS.get(operation["operationId"], {})
    body["content"] = {_JSON: described}
    body["required"] = True


def _describe_answer(operation: dict[str, Any]) -> None:
    """Add what no serializer can state about an answer as a whole."""
    name = operation["operationId"]
    if name not in forms.BY_ID and name not in forms.OR_PLAIN:
        return
    described = operation["responses"]["200"]["content"][_JSON]
    if name in forms.BY_ID:
        described["schema"] = {"type": "object", "additionalProperties": described["schema"]}
    else:
        described["schema"] = {"oneOf": [deepcopy(forms.OR_PLAIN[name]), described["schema"]]}


def _describe_refusals(operation: dict[str, Any]) -> None:
    """Add the answers that any operation may give."""
    answers = operation["responses"]
    statuses = [
        *forms.ANY_ANSWER,
        *(forms.WITH_BODY if "requestBody" in operation else ()),
        *(forms.WITH_TOKEN if operation.get("security") else ()),
    ]
    for status in statuses:
        answers.setdefault(
            str(status),
            {
                "description": MEANINGS[status],
                "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        )
