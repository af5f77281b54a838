"""What the generator of the schema is told; imported only when a schema is made."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from artifacts.api import forms
from artifacts.api.schema import MEANINGS

_JSON = "application/json"
_METHODS = ("get", "put", "post", "delete", "patch")
_making = threading.RLock()


class SchemaView(SpectacularAPIView):
    """`/schema`, in YAML or JSON, as the client prefers. Anybody may ask for it.

    Django REST Spectacular makes it anew for each request, and in the language and of the version
    that a query names, whether there is such a one or not. This one has neither.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Answer what was made once."""
        renderer = request.accepted_renderer
        return HttpResponse(
            rendered_schema(type(renderer)),
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="schema.{renderer.format}"'},
        )


def whole_schema() -> dict[str, Any]:
    """Return the schema; whoever asks for it gets the same, and must not change it."""
    # The generator changes the methods that it describes: never two at once.
    with _making:
        return _made_schema()


def rendered_schema(renderer: type[BaseRenderer]) -> bytes:
    """Return the schema as it is sent."""
    with _making:
        # mypy takes the hash of such a class for that of its instances.
        return _rendered_schema(cast("Hashable", renderer))


@cache
def _made_schema() -> dict[str, Any]:
    """Make the schema. The code says it all, so once in a process is enough."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]  # its own
        request=None, public=True
    )
    return schema


@cache
def _rendered_schema(renderer: Any) -> bytes:
    """Write the schema down in one of the forms that there are."""
    written: str | bytes = renderer().render(_made_schema(), renderer_context={})
    return written.encode() if isinstance(written, str) else written


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
        # Once: each description is put around the one before, and all are followed one day.
        if words is not None and not vars(operation).get("is_described"):
            extend_schema(**words())(operation)
            vars(operation)["is_described"] = True
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
