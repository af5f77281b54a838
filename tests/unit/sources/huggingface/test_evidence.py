"""What the Hub knows about history and cards."""

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.sources.huggingface.evidence import fetch_card, fetch_commits
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT

HISTORY = f"/api/models/acme/robot/commits/{COMMIT}"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"


def test_commits_when_listed_then_people_and_no_bots(server, inquiry):
    authors = [["ada"], ["bob", "ada"], ["ada"], ["SFconvertbot"], ["x[bot]"], []]
    server.routes[HISTORY] = json_reply(
        [{"authors": [{"user": each} for each in names]} for names in authors] + [5, {"authors": 7}]
    )
    found = fetch_commits("acme/robot", COMMIT, inquiry)
    assert (found.commits_by_author, found.is_partial) == ({"ada": 2, "bob": 1}, False)


def test_commits_when_hidden_or_of_another_form_then_an_error(server, inquiry):
    server.routes[HISTORY] = Reply(status=403)
    with pytest.raises(SourceRefused):
        fetch_commits("acme/robot", COMMIT, inquiry)
    server.routes[HISTORY] = json_reply({})
    with pytest.raises(SourceUnavailable):
        fetch_commits("acme/robot", COMMIT, inquiry)


@pytest.mark.parametrize(
    "raw",
    [Reply(POINTER), Reply(status=429, headers={"Retry-After": "0"}), Reply(status=404)],
    ids=["a pointer", "limited", "a mirror without it"],
)
def test_card_when_raw_does_not_give_it_then_by_resolve(server, inquiry, raw):
    server.routes["/acme/robot/raw/main/README.md"] = raw
    server.routes["/acme/robot/resolve/main/README.md"] = Reply(b"# Robot")
    assert fetch_card("acme/robot", inquiry) == "# Robot"


@pytest.mark.parametrize(
    "absent",
    [Reply(status=404, headers={"X-Error-Code": "EntryNotFound"}), Reply(status=401),
     Reply(status=403)],
    ids=["no card", "no repository", "gated"],
)  # fmt: skip
def test_card_when_there_is_none_then_one_request(server, inquiry, absent):
    server.routes["/acme/robot/raw/main/README.md"] = absent
    assert fetch_card("acme/robot", inquiry) == ""
    assert len(server.asked) == 1
