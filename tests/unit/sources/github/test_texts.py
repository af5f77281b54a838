"""What repositories say about themselves, with a token and without one."""

import json

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.sources.github.evidence import fetch_code_facts
from artifacts.sources.github.texts import TEXTS_WITH_TOKEN_MAX, fetch_texts
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import Reply, json_reply

pytestmark = pytest.mark.django_db
ROBOT = {
    "nameWithOwner": "acme/Robot", "url": "https://github.com/acme/Robot", "description": "Tea",
    "homepageUrl": "https://hf.co/acme", "readme0": None, "readme1": {"text": "# Robot"},
}  # fmt: skip


def fetch(*repositories: str):
    return fetch_texts(repositories, Inquiry(10))


@pytest.fixture
def graph(server, settings):
    settings.GITHUB_TOKEN = "secret"

    def say(data, **more):
        server.routes["/graphql"] = json_reply({"data": data, **more})
        return server

    return say


def test_texts_when_there_is_a_token_then_all_in_one_request(graph):
    absent = [{"type": "NOT_FOUND", "path": ["r1"]}]
    server = graph({"r0": ROBOT, "r1": None, "r2": {}}, errors=absent)
    found = fetch("acme/robot", "acme/gone", "b/c")
    assert sorted(found) == ["acme/robot", "b/c"]
    robot = found["acme/robot"]
    assert (robot.repository, robot.description, robot.homepage, robot.readme) == (
        "acme/Robot", "Tea", "https://hf.co/acme", "# Robot",
    )  # fmt: skip
    assert robot.readme_url == "https://github.com/acme/Robot/blob/HEAD/readme.md"
    assert found["b/c"].readme_url == ""
    assert len(server.asked) == 1


def test_texts_when_there_are_many_then_only_the_first_are_asked_for(graph, monkeypatch):
    graph({})
    asked = []
    monkeypatch.setattr(
        "artifacts.sources.github.texts.ask",
        lambda _client, question, _inquiry: asked.append(json.loads(question.content)) or Said(),
    )
    assert fetch(*(f"a/{number}" for number in range(9))) == {}
    assert len(asked[0]["variables"]) == 2 * TEXTS_WITH_TOKEN_MAX


class Said:
    """An answer without repositories."""

    def json(self):
        return {"data": {}}


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None, "errors": [{"type": "RATE_LIMITED"}]},
        {"data": {"r0": None}, "errors": [{"type": "SOMETHING_ELSE"}]},
        {"data": {"r0": None}, "errors": ["?"]},
        {"data": 5}, [], "no",
    ],
    ids=["rate limit", "another error", "odd error", "odd data", "list", "text"],
)  # fmt: skip
def test_texts_when_the_graph_fails_then_unavailable_and_not_absent(server, settings, answer):
    settings.GITHUB_TOKEN = "secret"
    server.routes["/graphql"] = json_reply(answer)
    with pytest.raises(SourceUnavailable):
        fetch("acme/robot")


@pytest.fixture
def anonymous(server, settings):
    settings.GITHUB_TOKEN = ""
    described = {
        "full_name": "acme/Robot", "html_url": "https://github.com/acme/Robot",
        "description": None, "homepage": "https://hf.co/acme",
    }  # fmt: skip
    server.routes |= {
        "/repos/acme/robot": json_reply(described),
        "/repos/acme/robot/readme": Reply(b"# Robot"),
    }
    return server


def test_texts_when_there_is_no_token_then_only_the_first_in_two_requests(anonymous):
    found = fetch("acme/robot", "b/c")
    assert list(found) == ["acme/robot"]
    robot = found["acme/robot"]
    assert (robot.repository, robot.homepage, robot.readme) == (
        "acme/Robot", "https://hf.co/acme", "# Robot",
    )  # fmt: skip
    assert len(anonymous.asked) == 2


def test_texts_when_there_is_no_readme_then_none(anonymous):
    anonymous.routes["/repos/acme/robot/readme"] = Reply(status=404)
    assert fetch("acme/robot")["acme/robot"].readme == ""


def test_texts_when_there_is_no_repository_then_it_is_left_out(anonymous):
    anonymous.routes["/repos/acme/robot"] = Reply(status=404)
    assert fetch("acme/robot") == {}


@pytest.mark.parametrize("path", ["", "/readme"])
def test_texts_when_an_answer_fails_then_unavailable(anonymous, pauses, path):
    anonymous.routes[f"/repos/acme/robot{path}"] = Reply(status=503)
    with pytest.raises(SourceUnavailable):
        fetch("acme/robot")


def test_texts_when_the_description_has_another_form_then_unavailable(anonymous):
    anonymous.routes["/repos/acme/robot"] = json_reply([])
    with pytest.raises(SourceUnavailable):
        fetch("acme/robot")


def test_texts_when_the_facts_follow_then_the_description_is_not_asked_for_again(anonymous):
    fetch("acme/robot")
    count = len(anonymous.asked)
    anonymous.routes |= {
        "/repos/acme/Robot/git/trees/HEAD": json_reply({"tree": []}),
        "/repos/acme/Robot/contributors": json_reply([]),
        "/repos/acme/Robot/commits": json_reply([]),
    }
    facts = fetch_code_facts("acme/robot", found_by="readme", inquiry=Inquiry(10))
    assert facts.repository == "acme/Robot"
    assert len(anonymous.asked) - count == 3
