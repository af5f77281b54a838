"""What the generator of the schema is told; imported only when a schema is made."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema

from artifacts.api import forms
from artifacts.api.schema import MEANINGS

_JSON = "application/json"
_METHODS = ("get", "put", "post", "delete", "patch")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own
    """Describes the token header."""

    target_class = "artifacts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  (its form)
        """Return the header's description."""
        return {"type": "apiKey", "in": "header", "name": "X-Authorization"}


def apply_descriptions(endpoints: list[Any], **_: Any) -> list[Any]:
    """Hand the generator what `schema.described` has kept; it calls this before it looks.

    Args:
        endpoints: of each operation its path, the path's expression, the method and the view.
    """
    for _path, _expression, method, view in endpoints:
        operation = getattr(view.cls, method.lower())
        words = getattr(operation, "described", None)
        if words is not None:
            extend_schema(**words())(operation)
    return endpoints


def apply_forms(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add what `forms.py` says to a schema; the generator calls this when it is done."""
    for operation in _operations(result):
        _describe_parameters(operation)
        _describe_body(operation)
        _describe_refusals(operation)
    schemas = result["components"]["schemas"]
    for name, fields in forms.IN_BODY.items():
        for field, form in fields.items():
            schemas[name]["properties"][field] |= deepcopy(form)
    for name in forms.CLOSED:
        schemas[name]["additionalProperties"] = False
    return result


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the description of each method of each path."""
    for methods in schema["paths"].values():
        yield from (operation for name, operation in methods.items() if name in _METHODS)


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
    """Say that a body is JSON: the parser takes it for that, whatever it is called."""
    body = operation.get("requestBody")
    if body is None:
        return
    (described,) = body["content"].values()
    described["schema"] |= forms.LISTS.get(operation["operationId"], {})
    body["content"] = {_JSON: described}
    body["required"] = True


def _describe_refusals(operation: dict[str, Any]) -> None:
    """Add the answers that any operation may give."""
    answers = operation["responses"]
    statuses = [*forms.ANY_ANSWER, *(forms.WITH_BODY if "requestBody" in operation else ())]
    for status in statuses:
        answers.setdefault(
            str(status),
            {
                "description": MEANINGS[status],
                "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        )
