"""Listing and finding through the door."""

from urllib.parse import quote

import pytest

from artifacts.limits import PAGE_SIZE, QUERIES_MAX
from tests.clients import message_of
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_list_when_there_is_more_then_the_offset_header_leads_on(api):
    for number in range(1, PAGE_SIZE + 2):
        make_artifact(number=number)
    first = api.post("/artifacts", [{"name": "*"}])
    assert len(first.json()) == PAGE_SIZE
    assert first["Access-Control-Expose-Headers"] == "offset, X-Request-Id"
    second = api.post(f"/artifacts?offset={first['offset']}", [{"name": "*", "types": []}])
    assert len(second.json()) == 1
    assert "offset" not in second


@pytest.mark.parametrize(
    "body",
    [
        {}, "*", [], [{}], [{"name": 5}], [{"name": "*", "types": "model"}], [5], b"[{",
        [{"name": "*", "types": ["paper"]}], [{"name": "*", "typs": ["model"]}],
        [{"name": "*", "version": 1}], [{"name": "*", "version": "newest"}],
    ],
)  # fmt: skip
def test_list_when_malformed_then_400(api, body):
    answer = api.post("/artifacts", body)
    assert answer.status_code == 400
    assert message_of(answer)


def test_list_when_the_offset_is_not_ours_then_400(api):
    assert api.post("/artifacts?offset=nonsense", [{"name": "*"}]).status_code == 400


def test_list_when_too_much_is_asked_for_then_413(api):
    queries = [{"name": f"n-{number}"} for number in range(QUERIES_MAX + 1)]
    assert api.post("/artifacts", queries).status_code == 413


@pytest.mark.parametrize("name", ["robot", "hugging face/lerobot", "100%+x?#&'\"[x]", "名前"])
def test_by_name_when_percent_encoded_then_found(api, name):
    artifact = make_artifact(name)
    answer = api.get("/artifact/byName/" + quote(name, safe=""))
    assert answer.json() == [{"name": name, "id": artifact.id, "type": "model"}]
    assert api.get("/artifact/byName/" + quote(name[:-1] + "~", safe="")).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"regex": "rob.t"}, 200), ({"regex": "nothing"}, 404), ({"regex": "("}, 400),
        ({"regex": "(a+)+$"}, 400), ({}, 400), ({"regex": 5}, 400), (b"{regex", 400),
    ],
)  # fmt: skip
def test_by_regex_when_asked_then_the_status_that_the_contract_says(api, body, status):
    artifact = make_artifact()
    answer = api.post("/artifact/byRegEx", body)
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == [{"name": "robot", "id": artifact.id, "type": "model"}]


@pytest.mark.parametrize("regex", [".{1000}.{1000}z", r"\pL{500}x", "a[ab]{1000}c"])
def test_by_regex_when_every_character_would_cost_much_then_refused_with_a_reason(api, regex):
    make_artifact(readme="ab" * 500)
    answer = api.post("/artifact/byRegEx", {"regex": regex})
    assert answer.status_code == 400
    assert "Repeat less often" in message_of(answer)


def test_by_regex_when_the_search_is_over_its_budget_then_the_answer_names_it(api, set_limits):
    set_limits(SEARCH_CPU_MAX_S=0.0)
    make_artifact()
    answer = api.post("/artifact/byRegEx", {"regex": "[r][o]"})
    assert answer.status_code == 400
    assert "more than 0 s of CPU time" in message_of(answer)
