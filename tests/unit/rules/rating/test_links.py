"""Which repository and which data sets are a model's."""

import pytest

from artifacts.rules.rating.links import (
    find_code,
    find_datasets,
    github_repository,
    hub_dataset,
)
from artifacts.rules.readme import parse_readme

HUB = "https://huggingface.co/datasets/"


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        pytest.param("See [this repository](https://github.com/acme/tea).", "acme/tea", id="words"),
        pytest.param("[acme](https://github.com/acme/robot)", "acme/robot", id="the model's name"),
        pytest.param("https://github.com/acme/robot.git", "acme/robot", id="bare, with .git"),
        pytest.param(
            '<p align="center"><a href="https://github.com/acme/robot">x</a></p>', "acme/robot",
            id="in HTML",
        ),
        pytest.param(
            "Thanks to [x](https://github.com/other/thing).\n\n"
            "The code is in [this repository](https://github.com/acme/robot).", "acme/robot",
            id="the clearer of two",
        ),
        pytest.param("[a list](https://github.com/other/awesome)", None, id="an aside"),
        pytest.param(
            "## Training data\n\n| Data | Link |\n|---|---|\n"
            "| Tea | [code](https://github.com/other/teas) |", None, id="a row of data",
        ),
        pytest.param("https://github.com/acme", None, id="an owner only"),
        pytest.param("https://github.com/topics/robot", None, id="a page of GitHub's"),
        pytest.param("https://gitlab.com/acme/robot", None, id="another host"),
        pytest.param("https://evil.example/github.com/acme/robot", None, id="a path like it"),
        pytest.param("", None, id="nothing"),
    ],
)  # fmt: skip
def test_find_code_when_linked_then_the_models_own(readme, expected):
    found = find_code("acme/robot", {}, parse_readme(readme))
    assert found == (expected and (expected, "readme"))


def test_find_code_when_the_card_names_one_then_that():
    card = {"repo": "https://github.com/acme/official"}
    readme = parse_readme("The code: https://github.com/acme/robot")
    assert find_code("acme/robot", card, readme) == ("acme/official", "card")


@pytest.mark.parametrize("value", [None, 5, [], {}, "acme/robot", "http://[", "https://github.com"])
def test_github_repository_when_the_value_is_nonsense_then_none(value):
    assert github_repository(value) == ""


def test_find_datasets_when_sentences_name_some_then_after_the_others_and_without_address():
    readme = parse_readme("We train on SQuAD and on Fair Face, with the FairFace data set.")
    found = find_datasets({"datasets": ["rajpurkar/squad", "fair_face"]}, [], readme)
    assert [each.repository for each in found] == ["rajpurkar/squad", "fair_face"]
    found = find_datasets({}, [], readme)
    assert [(each.repository, each.url, each.purpose) for each in found] == [
        ("FairFace", "", "training"), ("SQuAD", "", "training"),
    ]  # fmt: skip


def test_find_datasets_when_named_in_three_places_then_each_once():
    card, tags = {"datasets": ["acme/tea", "squad"]}, ["dataset:squad", "dataset:cups", "robot"]
    readme = parse_readme(
        f"## Training\n\nTrained on [tea]({HUB}acme/tea) and [more]({HUB}acme/more).\n\n"
        f"## Evaluation\n\nEvaluated on [cups]({HUB}cups) and [jars]({HUB}acme/jars)."
    )
    found = [(each.repository, each.found_by, each.purpose) for each in
             find_datasets(card, tags, readme)]  # fmt: skip
    assert found == [
        ("acme/tea", "card", "training"), ("squad", "card", "training"),
        ("cups", "tag", "training"), ("acme/more", "readme", "training"),
        ("acme/jars", "readme", "evaluation"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "card", [{"datasets": 5}, {"datasets": [5, None, "a b", "../x", "a/b/c"]}, {"datasets": ""}]
)
def test_find_datasets_when_the_card_is_nonsense_then_none(card):
    assert find_datasets(card, [], parse_readme("")) == ()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"{HUB}acme/tea", "acme/tea"), (f"{HUB}squad/viewer/plain", "squad"),
        (f"{HUB}acme/tea/blob/main/README.md", "acme/tea"),
        (f"{HUB}acme/tea/resolve/main/pot.jpg", ""), ("https://huggingface.co/acme/robot", ""),
        ("https://huggingface.co/datasets", ""),
    ],
)  # fmt: skip
def test_hub_dataset_when_an_address_is_read_then_the_name(url, name):
    assert hub_dataset(url) == name
