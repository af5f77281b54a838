"""Which data sets a card names, and which of them the model was trained on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.dataset_mentions import find_datasets, hub_dataset
from artifacts.rules.readme import parse_readme

HUB = "https://huggingface.co/datasets/"


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


@pytest.mark.parametrize("name", ["None", "imagefolder", "generator", "json", "English", "unknown"])
def test_find_datasets_when_front_matter_names_a_loader_or_a_language_then_none(name):
    assert find_datasets({"datasets": [name]}, [f"dataset:{name}"], parse_readme("")) == ()


@pytest.mark.parametrize(
    ("stated", "name", "url"),
    [
        (f"{HUB}acme/tea", "acme/tea", f"{HUB}acme/tea"),
        ("datasets/acme/tea", "acme/tea", f"{HUB}acme/tea"),
        ("Common Voice 11", "Common Voice 11", ""),
    ],
)
def test_find_datasets_when_front_matter_has_an_address_or_a_title_then_what_is_meant(
    stated, name, url
):
    (found,) = find_datasets({"datasets": [stated]}, [], parse_readme(""))
    assert (found.repository, found.url, found.purpose) == (name, url, "training")


def test_find_datasets_when_owners_differ_then_two_and_a_name_without_owner_is_neither():
    card = {"datasets": ["tea", "b/tea", "a/tea"]}
    found = find_datasets(card, [], parse_readme("Trained on Tea."))
    assert [each.repository for each in found] == ["a/tea", "b/tea"]


@given(st.permutations(["x/tea", "a/tea", "cups", "Cups", "acme/cups", "None", "b/jars"]))
def test_find_datasets_when_front_matter_is_shuffled_then_the_same(names):
    tags = [f"dataset:{name}" for name in reversed(names)]
    readme = parse_readme("We train on COCO.")
    found = find_datasets({"datasets": names}, tags, readme)
    assert found == find_datasets({"datasets": sorted(names)}, sorted(tags), readme)
    assert [each.repository for each in found] == [
        "a/tea", "acme/cups", "b/jars", "x/tea", "COCO",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("| Training data | TeaTalk, Cup Corpus 2 |", {"TeaTalk", "Cup Corpus 2"}),
        ("| **Trained on** | OntoPots 5 (Doe, Roe)<br />PotNet |", {"OntoPots 5", "PotNet"}),
        (
            "| **spaCy** | `>=3.7` |\n| **Sources** | [OntoPots 5](https://a.example) |",
            {"OntoPots 5"},
        ),
        ("| Sources | OntoPots 5 |", set()),
        ("| Training data | 90 hours of cups |", set()),
        ("| Evaluation data | TeaTalk |", set()),
    ],
)
def test_rows_when_their_key_is_training_data_then_its_names(rows, expected):
    readme = parse_readme(f"| Feature | Description |\n|---|---|\n{rows}\n")
    assert {each.repository for each in find_datasets({}, (), readme)} == expected


def test_front_matter_when_the_key_is_singular_then_read_as_well():
    found = find_datasets({"dataset": ["tea-quality"]}, (), parse_readme(""))
    assert [each.repository for each in found] == ["tea-quality"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was trained on a [dataset](https://tea.example/data/) of cups.", ["tea.example/data"]),
        ("Trained on a [big Spanish corpus](https://tea.example/es).", ["tea.example/es"]),
        ("Trained on the [Kettle corpus](https://tea.example/es).", ["Kettle"]),
        ("It was tested on a [dataset](https://tea.example/data) of cups.", []),
        ("It was trained by [us](https://tea.example/) on cups.", []),
    ],
)
def test_link_when_its_words_are_only_data_set_then_known_by_its_page(sentence, expected):
    found = find_datasets({}, (), parse_readme(sentence))
    assert [each.repository for each in found] == expected
