"""The OpenAPI schema, for programs, and a page of it, for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse

from artifacts.api.serializers import ErrorSerializer

_MEANINGS = {
    400: "The request is malformed; the message says how.",
    401: "User or password are wrong; on a reset, the caller is no administrator.",
    403: "The token is missing, expired or spent, or the user lacks the permission.",
    404: "There is no such thing.",
    409: "It exists already, or is in the way.",
    413: "More was sent or asked for than is taken.",
    424: "The rating does not pass the gate.",
    500: "The registry made a mistake.",
    501: "This version does not do this yet.",
    502: "A source does not answer.",
    503: "Not now; `Retry-After` says when.",
}
_METHODS = ("get", "put", "post", "delete", "patch")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own
    """Describes the token header."""

    target_class = "artifacts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        """Return the header's description."""
        return {"type": "apiKey", "in": "header", "name": "X-Authorization"}


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """Return the descriptions of refusals, which all have one form."""
    return {
        status: OpenApiResponse(ErrorSerializer, description=_MEANINGS[status])
        for status in statuses
    }


def docs(request: HttpRequest) -> HttpResponse:
    """Show the API as a page that works without JavaScript."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]  # its own
        request=None, public=True
    )
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "id": operation["operationId"],
            "summary": operation.get("summary", ""),
            "is_open": {} in operation.get("security", [{}]),
            "parameters": operation.get("parameters", []),
            "body": _shape(_content(operation.get("requestBody", {})), schema),
            "responses": [
                {
                    "status": status,
                    "description": response.get("description", ""),
                    "shape": _shape(_content(response), schema) if status < "300" else "",
                }
                for status, response in sorted(operation["responses"].items())
            ],
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    return render(request, "api/docs.html", {"operations": operations, "info": schema["info"]})


def _content(part: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body, {} when there is none."""
    for content in part.get("content", {}).values():
        found: dict[str, Any] = content.get("schema", {})
        return found
    return {}


def _shape(part: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return a schema as a short text, as in `{"name": string, "types"?: [model | dataset]}`."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return _shape(schema["components"]["schemas"][name], schema)
    if "allOf" in part:
        return _shape(part["allOf"][0], schema)
    if "enum" in part:
        return " | ".join(str(each) for each in part["enum"])
    if part.get("type") == "array":
        return f"[{_shape(part['items'], schema)}, ...]"
    if "properties" in part:
        required = part.get("required", [])
        fields = (
            f'"{name}"{"" if name in required else "?"}: {_shape(each, schema)}'
            for name, each in part["properties"].items()
        )
        return "{" + ", ".join(fields) + "}"
    return str(part.get("type", ""))
