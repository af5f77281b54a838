"""A page of the API for people: by errand, with examples that run as pasted.

The schema says what there is, `examples.py` in which order one learns it, and how it is first used.
It works without JavaScript; a script adds a form to try operations out.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts import exceptions
from artifacts.api import example_code
from artifacts.api.examples import ANSWERS, PARAMETERS, SECTIONS, Example
from artifacts.api.exception_handler import find_status_of
from artifacts.api.openapi import METHODS, whole_schema
from artifacts.api.schema import MEANINGS
from artifacts.exceptions import RegistryError

_REFUSED = "400"


def docs(request: HttpRequest) -> HttpResponse:
    """Show the API as a page that works without JavaScript."""
    address = request.build_absolute_uri("/").rstrip("/")
    starts = {
        "curl": example_code.write_start(example_code.SHELL_START, address),
        "python": example_code.write_start(example_code.PYTHON_START, address),
        "javascript": example_code.write_start(example_code.JAVASCRIPT_START, address),
    }
    return render(request, "api/docs.html", {**_described(), "starts": starts})


@cache
def _described() -> dict[str, Any]:
    """Return what the page shows. The code says it all, so it is worked out once."""
    schema = whole_schema()
    found = {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }
    sections: list[dict[str, Any]] = [
        {
            "id": section.id,
            "title": section.title,
            "says": section.says,
            "operations": [
                _describe(*found[each.operation], each, schema) for each in section.examples
            ],
        }
        for section in SECTIONS
    ]
    tried = [
        {key: each[key] for key in ("id", "method", "path", "parameters", "example_body")}
        for section in sections
        for each in section["operations"]
    ]
    return {
        "sections": sections,
        "tried": json.dumps(tried),
        "info": schema["info"],
        "errors": _errors(),
    }


def _describe(
    method: str, path: str, operation: dict[str, Any], example: Example, schema: dict[str, Any]
) -> dict[str, Any]:
    """Return what the page shows of one operation."""
    is_open = {} in operation.get("security", [{}])
    responses = sorted(operation["responses"].items())
    body = example.body
    return {
        "method": method,
        "path": path,
        "id": operation["operationId"],
        "summary": operation.get("summary", ""),
        "says": example.says,
        "is_open": is_open,
        "not_run": example.not_run,
        "parameters": [
            _parameter(each, operation["operationId"], schema)
            for each in operation.get("parameters", [])
        ],
        "body": _shape(_content(operation.get("requestBody", {})), schema),
        "example_body": json.dumps(body, indent=2) if body is not None else "",
        "code": example_code.write_all(method, example, is_open=is_open),
        "answers": [
            {
                "status": status,
                "says": response.get("description") or ANSWERS.get(status, ""),
                "shape": _shape(_content(response), schema),
            }
            for status, response in responses
            if status < _REFUSED
        ],
        "refusals": [status for status, _ in responses if status >= _REFUSED],
    }


def _parameter(parameter: dict[str, Any], operation: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of one parameter."""
    name = parameter["name"]
    form = _resolved(parameter.get("schema", {}), schema)
    says = parameter.get("description") or PARAMETERS.get(f"{operation}.{name}")
    bounds = [
        f"{word} {form[key]:,}"
        for key, word in (("minimum", "at least"), ("maximum", "at most"))
        if key in form
    ]
    return {
        "name": name,
        "in": parameter["in"],
        "says": says or PARAMETERS.get(name, ""),
        "words": form.get("enum", []),
        "kind": form.get("type", "string"),
        "bounds": " and ".join(bounds),
        "default": form.get("default"),
    }


def _errors() -> list[dict[str, Any]]:
    """Return each status of a refusal, what it means, and the codes that it comes with."""
    codes: dict[int, dict[str, str]] = {}
    for each in vars(exceptions).values():
        if isinstance(each, type) and issubclass(each, RegistryError) and each is not RegistryError:
            says = (each.__doc__ or "").strip().partition("\n\n")[0]
            codes.setdefault(find_status_of(each), {}).setdefault(each.code, " ".join(says.split()))
    return [
        {"status": status, "says": MEANINGS.get(status, ""), "codes": sorted(found.items())}
        for status, found in sorted(codes.items())
    ]


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
