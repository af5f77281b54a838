"""A page of the OpenAPI schema for people; it works without JavaScript."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.api.openapi import METHODS, whole_schema


def docs(request: HttpRequest) -> HttpResponse:
    """Show the API as a page that works without JavaScript."""
    return render(request, "api/docs.html", _described())


@cache
def _described() -> dict[str, Any]:
    """Return what the page shows. The code says it all, so it is worked out once."""
    schema = whole_schema()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "id": operation["operationId"],
            "summary": operation.get("summary", ""),
            "is_open": {} in operation.get("security", [{}]),
            "parameters": operation.get("parameters", []),
            "body": _shape(_content(operation.get("requestBody", {})), schema),
            "curl": _curl(method, path, operation, schema),
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
        if method in METHODS
    ]
    return {"operations": operations, "info": schema["info"]}


def _curl(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return a call of an operation, as one types it into a shell; braces are to be filled in."""
    words = ["curl", "-i"] if method == "get" else ["curl", "-i", "-X", method.upper()]
    if {} not in operation.get("security", [{}]):
        words.append('-H "X-Authorization: $TOKEN"')
    body = _content(operation.get("requestBody", {}))
    if body:
        words.append(f"-d '{json.dumps(_example(body, schema))}'")
    words.append(f'"$REGISTRY{path}"')
    return " ".join(words)


def _example(part: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Return a smallest body that fits a schema."""
    part = _resolved(part, schema)
    if "enum" in part:
        return part["enum"][0]
    if part.get("type") == "array":
        return [_example(part["items"], schema)]
    if "properties" in part:
        # Where nothing is demanded, all is shown: one form or another has to be chosen.
        names = part.get("required") or list(part["properties"])
        writable = {
            name: each for name, each in part["properties"].items() if not each.get("readOnly")
        }
        return {name: _example(writable[name], schema) for name in names if name in writable}
    return {"boolean": False, "integer": 1}.get(part.get("type", ""), "...")


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references to the schema that they name."""
    while "$ref" in part or "allOf" in part:
        if "$ref" in part:
            part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
        else:
            part = part["allOf"][0]
    return part


def _content(part: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body, {} when there is none."""
    for content in part.get("content", {}).values():
        found: dict[str, Any] = content.get("schema", {})
        return found
    return {}


def _shape(part: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return a schema as a short text, as in `{"name": string, "types"?: [model | dataset]}`."""
    part = _resolved(part, schema)
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
