"""The facts of the contract, as data of our own: `contract.json`.

    python -m tests.contract.facts ../shared/contract/openapi-3.4.7.yaml

writes them anew. They are what a program can hold an answer against: paths, methods, statuses,
fields, types and patterns. Prose and examples stay in the contract.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT.parent / "shared" / "contract" / "openapi-3.4.7.yaml"
FACTS = Path(__file__).with_name("contract.json")
METHODS = ("get", "put", "post", "delete", "patch")
# Of a schema, beside what other schemas are in it.
_PLAIN = (
    "$ref", "type", "format", "pattern", "enum", "required", "minimum", "maximum", "default",
    "readOnly",
)  # fmt: skip


def known() -> dict[str, Any]:
    """The facts as they are kept."""
    return json.loads(FACTS.read_text(encoding="utf-8"))


def facts_of(contract: dict[str, Any]) -> dict[str, Any]:
    """What a contract says that a program can hold an answer against."""
    return {
        "paths": {
            path: {
                method: _operation(operation, methods.get("parameters", []))
                for method, operation in methods.items()
                if method in METHODS
            }
            for path, methods in contract["paths"].items()
        },
        "components": {
            "schemas": {
                name: _schema(each) for name, each in contract["components"]["schemas"].items()
            }
        },
    }


def _operation(operation: dict[str, Any], shared: list[dict[str, Any]]) -> dict[str, Any]:
    # A parameter of the operation goes before one of the path that has its name.
    parameters = {
        (each["name"], each["in"]): {
            "name": each["name"],
            "in": each["in"],
            "required": each.get("required", False),
            "schema": _schema(each["schema"]),
        }
        for each in [*shared, *operation.get("parameters", [])]
    }
    found: dict[str, Any] = {"parameters": list(parameters.values())}
    if "operationId" in operation:
        found["operationId"] = operation["operationId"]
    if "requestBody" in operation:
        found["requestBody"] = _content(operation["requestBody"])
    found["responses"] = {
        status: _content(answer)
        | (
            {
                "headers": {
                    name: {"schema": _schema(each["schema"])}
                    for name, each in answer["headers"].items()
                }
            }
            if "headers" in answer
            else {}
        )
        for status, answer in operation["responses"].items()
    }
    return found


def _content(part: dict[str, Any]) -> dict[str, Any]:
    if "content" not in part:
        return {}
    return {
        "content": {
            kind: {"schema": _schema(each["schema"])} for kind, each in part["content"].items()
        }
    }


def _schema(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        return {"$ref": part["$ref"]}
    found = {key: part[key] for key in _PLAIN if key in part}
    if "properties" in part:
        found["properties"] = {name: _schema(each) for name, each in part["properties"].items()}
    for key in ("items", "additionalProperties"):
        if key in part:
            found[key] = _schema(part[key])
    if "oneOf" in part:
        found["oneOf"] = [_schema(each) for each in part["oneOf"]]
    return found


def main() -> None:
    contract = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    text = json.dumps(facts_of(contract), indent=1, sort_keys=True)
    FACTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
