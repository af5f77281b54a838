"""The generated schema against the facts of the contract, and what clients are generated from."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.urls import set_script_prefix

from artifacts.api.openapi import whole_schema
from artifacts.routes.operations import OPEN
from tests.contract import facts
from tests.contract.covering import gaps
from tests.routes import RULES, api

# Statuses that the contract names and that cannot happen here, each with its reason.
WAIVED_STATUSES = {
    ("/authenticate", "put", "501"): "this registry supports authentication",
    ("/tracks", "get", "500"): "the tracks are a constant",
}
# Places where ours differs, each with its reason.
WAIVED = {
    "get /artifact/model/{}/lineage 200.nodes[]: not required: ['node']": "it is no property",
    "get /health/components 200.components[].logs: not there": "optional; they are the operator's",
}
WAIVED_HEALTH = {
    "200.request_summary.unique_clients: not there": "optional; clients are not counted",
    "200.components[].last_event_at: not there": "optional, and not kept",
    "200.logs: not there": "optional; they are the operator's",
}
# Clients have a function for each, named so: never rename one.
OWN_OPERATIONS = {
    "ArtifactDecisionGet", "ArtifactDecisionPut",
    "ArtifactDownload", "ArtifactDownloadsGet",
    "ArtifactMonitorDelete", "ArtifactMonitorGet", "ArtifactMonitorSet", "ArtifactMonitorTry",
    "ArtifactScansGet", "PackageConfusionAudit", "PackageConfusionAuditGet",
    "UploadAbort", "UploadBegin", "UploadComplete", "UploadPartsSign",
    "UploadRetrieve", "UserCreate", "UserDelete", "UserPasswordChange",
    "UserPermissionsSet", "UserRetrieve", "UserTokenCreate", "UserTokenDelete", "UserTokensList",
    "UsersList",
    # Without a name in the contract.
    "ArtifactCost", "TracksList",
}  # fmt: skip


def plain(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"{\w+}", "{}", path)


@pytest.fixture(scope="module")
def ours() -> dict:
    return whole_schema()


@pytest.fixture(scope="module")
def contract() -> dict:
    return facts.known()


def operations(schema: dict) -> dict[tuple[str, str], dict]:
    return {
        (plain(path), method): operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in facts.METHODS
    }


def schema_in(part: dict) -> dict | None:
    """The schema of a body, None when there is none."""
    return part["content"]["application/json"]["schema"] if part.get("content") else None


def bodies(operation: dict) -> Iterator[tuple[str, dict]]:
    if "requestBody" in operation:
        yield "request", schema_in(operation["requestBody"])
    for status, answer in operation["responses"].items():
        if (found := schema_in(answer)) is not None:
            yield status, found


if facts.CONTRACT.exists():  # Beside the project only: a clone has the facts, and no test to skip.

    def test_facts_when_compared_then_they_are_those_of_the_contract(contract):
        assert contract == facts.facts_of(yaml.safe_load(facts.CONTRACT.read_text("utf-8")))


def test_schema_when_generated_then_every_operation_has_a_summary_and_an_id(ours):
    found = operations(ours)
    assert len(found) > 20
    for key, operation in found.items():
        assert operation["summary"], key
        assert operation["operationId"], key
    ids = [operation["operationId"] for operation in found.values()]
    assert len(set(ids)) == len(ids)


def test_schema_when_generated_then_asks_for_a_token_where_the_rules_do(ours):
    routes: dict[str, Any] = {
        plain(re.sub(r"<(\w+:)?(\w+)>", r"{\2}", f"/{each.pattern}")): each for each in api
    }
    asked = {}
    wanted = {}
    for (path, method), operation in operations(ours).items():
        asked[path, method] = operation.get("security") == [{"token": []}]
        wanted[path, method] = RULES[routes[path].name][method.upper()] != OPEN
    assert len(wanted) > 20
    assert asked == wanted


def test_schema_when_compared_then_has_every_operation_of_the_contract(ours, contract):
    wanted = operations(contract)
    assert len(wanted) > 15
    assert not sorted(set(wanted) - set(operations(ours)))


def test_schema_when_compared_then_operations_are_named_alike_and_ours_as_ever(ours, contract):
    named = {
        key: operation["operationId"]
        for key, operation in operations(contract).items()
        if "operationId" in operation
    }
    found = {key: operation["operationId"] for key, operation in operations(ours).items()}
    assert len(named) == 15
    assert {key: found[key] for key in named} == named
    assert set(found.values()) - set(named.values()) == OWN_OPERATIONS


def test_schema_when_compared_then_has_every_status_of_the_contract(ours, contract):
    found = operations(ours)
    missing = {
        (path, method, status)
        for (path, method), operation in operations(contract).items()
        for status in operation["responses"]
        if status not in found[path, method]["responses"]
    }
    assert missing == set(WAIVED_STATUSES)


def test_schema_when_compared_then_bodies_say_what_the_contract_says(ours, contract):
    found = operations(ours)
    compared = 0
    differing = set()
    for (path, method), operation in operations(contract).items():
        own = dict(bodies(found[path, method]))
        for place, theirs in bodies(operation):
            where = f"{method} {path} {place}"
            differing |= set(gaps(own[place], theirs, (ours, contract), where))
            compared += 1
    assert compared > 15
    assert differing == set(WAIVED)


def test_schema_when_compared_then_health_is_the_contracts(ours, contract):
    """The contract describes it, and names it nowhere."""
    own = dict(bodies(operations(ours)["/health", "get"]))["200"]
    theirs = {"$ref": "#/components/schemas/HealthSummaryResponse"}
    differing = set(gaps(own, theirs, (ours, contract), "200"))
    assert differing == set(WAIVED_HEALTH)


def test_schema_when_compared_then_parameters_are_the_contracts(ours, contract):
    found = operations(ours)
    compared = 0
    differing: list[str] = []
    for (path, method), operation in operations(contract).items():
        own = {
            each["name"].removeprefix("artifact_"): each
            for each in found[path, method].get("parameters", ())
        }
        for each in operation["parameters"]:
            if each["name"] == "X-Authorization":
                continue  # Ours is the security scheme.
            mine = own[each["name"].removeprefix("artifact_")]
            assert (mine["in"], mine.get("required", False)) == (each["in"], each["required"])
            differing += gaps(mine["schema"], each["schema"], (ours, contract), path)
            compared += 1
    assert compared > 15
    assert differing == []


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, each in part.items():
            if key == "$ref":
                yield each.rpartition("/")[2]
            else:
                yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def reachable(part: object, schema: dict) -> set[str]:
    """The names of the components in a part, those in them included."""
    found: set[str] = set()
    waiting = list(references(part))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(schema["components"]["schemas"][name])
    return found


def test_schema_when_generated_then_what_is_sent_and_what_is_answered_are_apart(ours):
    sent, answered = set(), set()
    for operation in operations(ours).values():
        sent |= reachable(operation.get("requestBody"), ours)
        answered |= reachable(operation["responses"], ours)
    schemas = ours["components"]["schemas"]
    assert len(sent) > 10
    assert len(answered) > 20
    assert {name for name in sent & answered if "enum" not in schemas[name]} == set()
    assert sent | answered == set(schemas)
    assert not [name for name in sent if "download_url" in schemas[name].get("properties", {})]
    assert "readOnly" not in json.dumps(schemas)


def test_schema_when_generated_then_every_body_is_json_and_typed(ours):
    kinds = set()
    untyped = []
    for operation in operations(ours).values():
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            kinds |= set(part.get("content", {}))
        for place, schema in bodies(operation):
            if schema == {} or schema.get("additionalProperties") == {}:
                untyped.append((operation["operationId"], place))
    assert kinds == {"application/json"}
    assert untyped == []


def test_schema_when_generated_then_ids_and_types_have_one_form_everywhere(ours):
    found: dict[str, list[Any]] = {"id": [], "type": []}
    for operation in operations(ours).values():
        for each in operation.get("parameters", ()):
            if each["name"].startswith("artifact_"):
                found[each["name"].removeprefix("artifact_")].append(each["schema"])
    for component in ours["components"]["schemas"].values():
        for name, each in component.get("properties", {}).items():
            if name.endswith("artifact_id"):
                found["id"].append(each)
    assert len(found["id"]) > 10
    assert len(found["type"]) > 5
    assert {each["pattern"] for each in found["id"]} == {r"^[a-zA-Z0-9\-]+$"}
    assert {each["$ref"].rpartition("/")[2] for each in found["type"]} == {"ArtifactTypeEnum"}


def test_docs_page_when_opened_then_lists_every_operation(client, ours, db):
    answer = client.get("/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    for operation in operations(ours).values():
        assert f'id="{operation["operationId"]}"' in page


def test_schema_when_fetched_then_says_where_its_paths_are(client, db, settings):
    def servers(prefix):
        set_script_prefix(prefix)
        return json.loads(client.get("/schema?format=json").content)["servers"]

    assert servers("/") == [{"url": "/"}]
    assert servers("/stage") == [{"url": "/stage"}]
    settings.REGISTRY_BASE_URL = "https://registry.example.com"
    assert servers("/") == [{"url": "https://registry.example.com"}]
    assert servers("/stage") == [{"url": "https://registry.example.com/stage"}]
