"""What the Hub knows about data sets: facts, card, Croissant metadata."""

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.rating.dataset_mentions import DatasetMention
from artifacts.rules.reading import Reading, ReadState
from artifacts.sources.huggingface.datasets import (
    add_card,
    add_croissant,
    fetch_dataset,
    named_dataset,
)
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT

TEA = DatasetMention("tea", "https://huggingface.co/datasets/tea", "card", "training")
CUPS = DatasetMention("acme/cups", "https://huggingface.co/datasets/acme/cups", "card", "training")
CARD = f"/datasets/acme/cups/raw/{COMMIT}/README.md"
CROISSANT = "/api/datasets/acme/cups/croissant"


def test_dataset_when_known_then_its_facts_under_its_own_name(server, inquiry):
    info = {
        "splits": [{"name": "train", "num_examples": 5}, {"name": "test", "num_examples": 2}, 7],
        "dataset_size": 900,
    }
    server.routes["/api/datasets/tea"] = json_reply({
        "id": "acme/tea", "downloads": 7, "likes": -1, "gated": "auto", "description": "Cups.",
        "tags": ["language:en", "license:mit", 5],
        "cardData": {"dataset_info": [info, info], "pretty_name": "Tea"},
    })  # fmt: skip
    found = fetch_dataset(TEA, inquiry)
    assert (found.repository, found.is_found, found.license) == ("acme/tea", True, "mit")
    assert (found.size_bytes, found.examples, found.splits) == (1800, 14, ("train", "test"))
    assert (found.downloads, found.likes, found.is_gated) == (7, None, True)
    assert found.card["language"] == ["en"]


def test_dataset_when_its_configurations_name_splits_then_those(server, inquiry):
    files = [{"split": "train", "path": "a.csv"}, {"path": "b.csv"}, "c.csv"]
    configs = [{"config_name": "default", "data_files": files}, {"data_files": "d.csv"}, 5]
    server.routes["/api/datasets/tea"] = json_reply({"cardData": {"configs": configs}})
    assert fetch_dataset(TEA, inquiry).splits == ("train",)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_dataset_when_unknown_then_only_named(server, inquiry, status):
    server.routes["/api/datasets/tea"] = Reply(status=status)
    found = fetch_dataset(TEA, inquiry)
    assert (found.repository, found.is_found) == ("tea", False)


def test_dataset_when_of_another_form_then_unavailable(server, inquiry):
    server.routes["/api/datasets/tea"] = json_reply([])
    with pytest.raises(SourceUnavailable):
        fetch_dataset(TEA, inquiry)


@pytest.fixture
def cups(server, inquiry):
    """A data set with a card and Croissant metadata that were not asked for yet."""
    server.routes["/api/datasets/acme/cups"] = json_reply({
        "id": "acme/cups", "sha": COMMIT, "tags": ["library:mlcroissant"],
        "siblings": [{"rfilename": "README.md"}],
    })  # fmt: skip
    found = fetch_dataset(CUPS, inquiry)
    assert {found.text_reading.state, found.croissant_reading.state} == {ReadState.NOT_ASKED}
    return found


def test_dataset_when_it_has_no_card_and_states_its_splits_then_nothing_is_left_to_ask(
    server, inquiry
):
    server.routes["/api/datasets/tea"] = json_reply({
        "id": "acme/tea", "tags": ["library:mlcroissant"], "siblings": [{"rfilename": "a.csv"}],
        "cardData": {"dataset_info": {"splits": [{"name": "train"}]}},
    })  # fmt: skip
    assert not fetch_dataset(TEA, inquiry).is_to_be_asked


def test_card_when_there_then_what_it_says_at_the_commit(server, inquiry, cups):
    server.routes[CARD] = Reply(b"---\nlicense: mit\n---\n# Cups\n\nPictures of cups, collected.")
    found = add_card(cups, inquiry)
    assert found.text_reading.state is ReadState.READ
    assert found.documentation.words == 4
    assert found.documentation.quote == ""


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply(status=401), ReadState.NOT_OPENED),
        (Reply(status=404, headers={"X-Error-Code": "EntryNotFound"}), ReadState.ABSENT),
    ],
    ids=["closed", "none"],
)
def test_card_when_not_there_or_closed_then_that_is_told_apart(server, inquiry, cups, reply, state):
    server.routes[CARD] = reply
    assert add_card(cups, inquiry).text_reading.state is state


def test_croissant_when_there_then_splits_license_and_statements(server, inquiry, cups):
    server.routes[CROISSANT] = json_reply({
        "description": "Cups of tea.", "license": "https://choosealicense.com/licenses/mit/",
        "rai:dataCollection": "Photographed in twelve kitchens by hand.",
        "rai:dataBiases": ["Big."],
        "recordSet": [
            {"data": [{"splits/split_name": "train"}, {"splits/split_name": "test"}]},
            {"field": []}, 5,
        ],
    })  # fmt: skip
    found = add_croissant(cups, inquiry)
    assert found.splits == ("train", "test")
    assert (found.license[-4:], found.description) == ("mit/", "Cups of tea.")
    assert found.documentation.words_by_topic == {"making": 6, "cautions": 1}
    assert found.croissant_reading.state is ReadState.READ


@pytest.mark.parametrize("status", [400, 404, 500, 501])
def test_croissant_when_the_hub_cannot_make_it_then_that_is_final(server, inquiry, cups, status):
    server.routes[CROISSANT] = Reply(status=status, headers={"Retry-After": "99"})
    assert add_croissant(cups, inquiry).croissant_reading.state is not ReadState.NOT_ASKED


def test_named_dataset_when_nobody_asked_then_the_mention_and_why():
    reading = Reading(ReadState.NOT_ASKED, reason="Later.")
    found = named_dataset(TEA, reading)
    assert (found.repository, found.is_found, found.is_to_be_asked) == ("tea", False, True)
