"""Real answers against the contract's schemas."""

from collections.abc import Callable

import pytest
from jsonschema import Draft7Validator

from artifacts.routes.operations import OPEN
from tests.contract import facts
from tests.factories.artifacts import make_artifact
from tests.routes import RULES

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-2"
ASKED = [
    ("/health/components", "get", "/health/components?includeTimeline=true", None),
    ("/tracks", "get", "/tracks", None),
    ("/artifacts", "post", "/artifacts", [{"name": "*"}]),
    ("/artifacts/{artifact_type}/{id}", "get", "/artifacts/model/{}", None),
    ("/artifact/byName/{name}", "get", "/artifact/byName/robot", None),
    ("/artifact/byRegEx", "post", "/artifact/byRegEx", {"regex": "rob"}),
    ("/artifact/{artifact_type}/{id}/audit", "get", "/artifact/model/{}/audit", None),
    (
        "/authenticate", "put", "/authenticate",
        {"user": {"name": "ursula", "is_admin": False}, "secret": {"password": PASSWORD}},
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def contract() -> dict:
    found = facts.known()
    # Every integer is a number as well, so that `oneOf` would refuse them all.
    value = found["components"]["schemas"]["HealthMetricValue"]
    value["anyOf"] = value.pop("oneOf")
    return found


@pytest.fixture
def faults(contract) -> Callable[[dict, object], list[str]]:
    def look(schema: dict, answer: object) -> list[str]:
        validator = Draft7Validator(schema | {"components": contract["components"]})
        return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(answer)]

    return look


@pytest.mark.parametrize(
    ("path", "method", "url", "body"), ASKED, ids=[f"{method} {path}" for path, method, *_ in ASKED]
)
def test_answer_when_compared_then_as_the_contract_describes_it(
    api, contract, faults, path, method, url, body
):
    answer = api.send(method.upper(), url.format(make_artifact().id), body)
    assert answer.status_code == 200
    content = contract["paths"][path][method]["responses"]["200"]["content"]
    assert answer.json()
    assert faults(content["application/json"]["schema"], answer.json()) == []


def test_health_when_compared_then_as_the_contract_describes_it(anonymous, faults):
    reference = {"$ref": "#/components/schemas/HealthSummaryResponse"}
    assert faults(reference, anonymous.get("/health").json()) == []
    assert faults(reference, {"status": "fine"}) != []


def test_rules_when_compared_then_open_where_the_contract_takes_no_token(contract):
    without = {
        path
        for path, operations in contract["paths"].items()
        if "X-Authorization" not in str(operations)
    }
    names = {
        "/health": "health",
        "/health/components": "health-components",
        "/tracks": "tracks",
        "/authenticate": "authenticate",
    }
    assert without == set(names)
    rules = [rule for name in names.values() for rule in RULES[name].values()]
    assert set(rules) == {OPEN}
