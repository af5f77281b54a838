"""Small files out of the graph, and by REST where it does not show them as they are."""

import pytest

from artifacts.limits import RATING_GITHUB_REQUESTS_MAX
from artifacts.rules.reading import ReadState
from artifacts.sources.github.client import github
from artifacts.sources.github.small_files import fetch_small_files
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT, git_sha

CARD = b"# Tea\n"
TERMS = "Terms \u00e9".encode("utf-16")
LISTED = {
    "README.md": f"git:{git_sha(CARD)}",
    "LICENSE": f"git:{git_sha(TERMS)}",
    "config.json": f"git:{git_sha(b'{}')}",
}
CONTENTS = "/repos/acme/tea/contents"
# An annotated tag, a plain one, and what GitHub does not send.
TAGS = [
    {"name": "v2", "target": {"oid": "dead" * 10, "target": {"oid": COMMIT}}},
    {"name": "v1", "target": {"oid": "beef" * 10}},
    {"name": "v0", "target": None},
    5,
]


@pytest.fixture
def answering(server, settings):
    """A GitHub whose graph shows a text as it is, one that it decoded, and none of a third file."""
    settings.GITHUB_TOKEN = "secret"
    files = {"file0": {"text": "# Tea\n"}, "file1": {"text": "Terms \ufffd"}, "file2": None}
    found = {"refs": {"nodes": TAGS}} | files
    server.routes |= {
        "/graphql": json_reply({"data": {"repository": found}}),
        f"{CONTENTS}/LICENSE": Reply(TERMS),
        f"{CONTENTS}/config.json": Reply(b"{}"),
        f"{CONTENTS}/README.md": Reply(CARD),
        "/repos/acme/tea/readme": Reply(CARD),
    }
    return server


def fetch(inquiry):
    return fetch_small_files("acme/tea", COMMIT, LISTED, inquiry)


def test_graph_when_a_text_is_as_listed_then_no_other_request_for_it(answering, inquiry):
    small = fetch(inquiry)
    assert small.tags == {"v2": COMMIT, "v1": "beef" * 10, "v0": ""}
    assert small.open_readme("README.md", "").raw == CARD
    assert len(answering.asked) == 1


def test_graph_when_a_text_is_not_as_listed_or_not_shown_then_by_rest(answering, inquiry):
    small = fetch(inquiry)
    assert (small.open("LICENSE").raw, small.open("config.json").raw) == (TERMS, b"{}")
    assert len(answering.asked) == 3


@pytest.mark.parametrize(
    "reply",
    [Reply(status=403), Reply(b"<html>"), json_reply({"errors": [{"type": "RATE_LIMITED"}]}),
     json_reply({"data": {"repository": {"refs": 5, "file0": {"text": 5}}}})],
    ids=["refused", "no data", "limited", "another form"],
)  # fmt: skip
def test_graph_when_it_fails_then_all_by_rest(answering, inquiry, reply):
    answering.routes["/graphql"] = reply
    small = fetch(inquiry)
    assert small.tags is None
    assert small.open_readme("README.md", "").raw == CARD
    assert small.open("LICENSE").raw == TERMS


def test_files_when_there_is_no_token_then_the_graph_is_not_asked(answering, settings, inquiry):
    settings.GITHUB_TOKEN = ""
    assert fetch(inquiry).contents == {}
    assert answering.asked == []


def test_open_when_no_request_is_left_then_not_asked_and_never_absent(answering, inquiry):
    small = fetch(inquiry)
    for _ in range(RATING_GITHUB_REQUESTS_MAX):
        inquiry.note_answer(github().base_url)
    reading = small.open("LICENSE").reading
    assert (reading.state, reading.path) == (ReadState.NOT_ASKED, "LICENSE")
    assert small.open("README.md").raw == CARD
    assert small.open("").reading.state is ReadState.ABSENT


def test_open_readme_when_github_shows_none_then_the_listed_one(answering, settings, inquiry):
    settings.GITHUB_TOKEN = ""
    answering.routes |= {
        "/repos/acme/tea/readme": Reply(status=404),
        f"{CONTENTS}/docs/README.md": Reply(CARD),
    }
    small = fetch(inquiry)
    assert small.open_readme("docs/README.md", "").raw == CARD
    assert small.open_readme("", "").reading.state == ReadState.ABSENT
    assert small.open_readme("docs/gone.md", "").reading.state == ReadState.NOT_OPENED
