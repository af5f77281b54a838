"""The generated schema against the contract, where that lies beside the project."""

import re

import pytest
import yaml
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from artifacts.api.permissions import OPEN, RULES
from registry_site.urls import api

CONTRACT = settings.BASE_DIR.parent / "shared" / "contract" / "openapi-3.4.7.yaml"
METHODS = ("get", "put", "post", "delete")
# Statuses that the contract names and that cannot happen here, each with its reason.
WAIVED = {
    ("/authenticate", "put", "501"): "this registry supports authentication",
    ("/tracks", "get", "500"): "the tracks are a constant",
}
needs_contract = pytest.mark.skipif(
    not CONTRACT.exists(), reason="the contract file is not beside the project"
)


def plain(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"{\w+}", "{}", path)


@pytest.fixture(scope="module")
def ours() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def contract() -> dict:
    return yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))


def operations(schema: dict) -> dict[tuple[str, str], dict]:
    return {
        (plain(path), method): operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_schema_when_generated_then_every_operation_has_a_summary_and_an_id(ours):
    found = operations(ours)
    assert len(found) > 20
    for key, operation in found.items():
        assert operation["summary"], key
        assert operation["operationId"], key
    ids = [operation["operationId"] for operation in found.values()]
    assert len(set(ids)) == len(ids)


def test_schema_when_generated_then_asks_for_a_token_where_the_rules_do(ours):
    routes = {plain(re.sub(r"<(\w+:)?(\w+)>", r"{\2}", f"/{each.pattern}")): each for each in api}
    asked = {}
    wanted = {}
    for (path, method), operation in operations(ours).items():
        asked[path, method] = operation.get("security") == [{"token": []}]
        wanted[path, method] = RULES[routes[path].name][method.upper()] != OPEN
    assert len(wanted) > 20
    assert asked == wanted


@needs_contract
def test_schema_when_compared_then_has_every_operation_of_the_contract(ours, contract):
    wanted = operations(contract)
    assert len(wanted) > 15
    assert not sorted(set(wanted) - set(operations(ours)))


@needs_contract
def test_schema_when_compared_then_operations_are_named_alike(ours, contract):
    named = {
        key: operation["operationId"]
        for key, operation in operations(contract).items()
        if "operationId" in operation
    }
    found = operations(ours)
    assert named
    assert {key: found[key]["operationId"] for key in named} == named


@needs_contract
def test_schema_when_compared_then_has_every_status_of_the_contract(ours, contract):
    found = operations(ours)
    missing = [
        (path, method, status)
        for (path, method), operation in operations(contract).items()
        for status in operation["responses"]
        if status not in found[path, method]["responses"] and (path, method, status) not in WAIVED
    ]
    assert missing == []


@needs_contract
@pytest.mark.parametrize(
    "name", ["ArtifactMetadata", "ArtifactData", "Artifact", "ArtifactQuery", "User"]
)
def test_schema_when_compared_then_bodies_require_what_the_contract_requires(ours, contract, name):
    required = set(contract["components"]["schemas"][name]["required"])
    assert required <= set(ours["components"]["schemas"][name]["required"])


def test_docs_page_when_opened_then_lists_every_operation(client, ours, db):
    answer = client.get("/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    for operation in operations(ours).values():
        assert f'id="{operation["operationId"]}"' in page


def test_schema_when_fetched_then_is_served(client, db):
    assert client.get("/schema").status_code == 200
