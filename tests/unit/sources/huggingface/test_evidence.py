"""What the Hub knows about history and data sets."""

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.rules.rating.links import DatasetMention
from artifacts.sources.huggingface.evidence import fetch_card, fetch_commits, fetch_dataset
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT

HISTORY = f"/api/models/acme/robot/commits/{COMMIT}"
TEA = DatasetMention("tea", "https://huggingface.co/datasets/tea", "card", "training")
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n"


def test_commits_when_listed_then_people_and_no_bots(server, deadline):
    authors = [["ada"], ["bob", "ada"], ["ada"], ["SFconvertbot"], ["x[bot]"], []]
    server.routes[HISTORY] = json_reply(
        [{"authors": [{"user": each} for each in names]} for names in authors] + [5, {"authors": 7}]
    )
    found = fetch_commits("acme/robot", COMMIT, deadline)
    assert (found.commits_by_author, found.is_partial) == ({"ada": 2, "bob": 1}, False)


def test_commits_when_hidden_or_of_another_form_then_an_error(server, deadline):
    server.routes[HISTORY] = Reply(status=403)
    with pytest.raises(SourceRefused):
        fetch_commits("acme/robot", COMMIT, deadline)
    server.routes[HISTORY] = json_reply({})
    with pytest.raises(SourceUnavailable):
        fetch_commits("acme/robot", COMMIT, deadline)


def test_dataset_when_known_then_its_facts_under_its_own_name(server, deadline):
    info = {
        "splits": [{"name": "train", "num_examples": 5}, {"name": "test", "num_examples": 2}, 7],
        "dataset_size": 900,
    }
    server.routes["/api/datasets/tea"] = json_reply({
        "id": "acme/tea", "downloads": 7, "likes": -1, "gated": "auto", "description": "Cups.",
        "tags": ["language:en", "license:mit", 5],
        "cardData": {"dataset_info": [info, info], "pretty_name": "Tea"},
    })  # fmt: skip
    found = fetch_dataset(TEA, deadline)
    assert (found.repository, found.is_found, found.license) == ("acme/tea", True, "mit")
    assert (found.size_bytes, found.examples, found.splits) == (1800, 14, ("train", "test"))
    assert (found.downloads, found.likes, found.is_gated) == (7, None, True)
    assert found.card["language"] == ["en"]


@pytest.mark.parametrize("status", [401, 403, 404])
def test_dataset_when_unknown_then_only_named(server, deadline, status):
    server.routes["/api/datasets/tea"] = Reply(status=status)
    found = fetch_dataset(TEA, deadline)
    assert (found.repository, found.is_found) == ("tea", False)


def test_dataset_when_of_another_form_then_unavailable(server, deadline):
    server.routes["/api/datasets/tea"] = json_reply([])
    with pytest.raises(SourceUnavailable):
        fetch_dataset(TEA, deadline)


@pytest.mark.parametrize(
    "raw",
    [Reply(POINTER), Reply(status=429, headers={"Retry-After": "0"}), Reply(status=404)],
    ids=["a pointer", "limited", "a mirror without it"],
)
def test_card_when_raw_does_not_give_it_then_by_resolve(server, deadline, raw):
    server.routes["/acme/robot/raw/main/README.md"] = raw
    server.routes["/acme/robot/resolve/main/README.md"] = Reply(b"# Robot")
    assert fetch_card("acme/robot", deadline) == "# Robot"


@pytest.mark.parametrize(
    "absent",
    [Reply(status=404, headers={"X-Error-Code": "EntryNotFound"}), Reply(status=401),
     Reply(status=403)],
    ids=["no card", "no repository", "gated"],
)  # fmt: skip
def test_card_when_there_is_none_then_one_request(server, deadline, absent):
    server.routes["/acme/robot/raw/main/README.md"] = absent
    assert fetch_card("acme/robot", deadline) == ""
    assert len(server.asked) == 1
