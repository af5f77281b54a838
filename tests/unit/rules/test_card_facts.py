"""What a card says in a few words."""

import pytest

from artifacts.rules.card_facts import CardFacts, read_card_facts


def test_facts_when_card_and_source_say_them_then_the_source_first():
    card = {"pipeline_tag": "fill-mask", "library_name": "paddle", "Language": "en"}
    found = read_card_facts(card, {"pipeline_tag": "text-generation", "tags": ["arxiv:1810.04805"]})
    assert found == CardFacts("text-generation", "paddle", ("en",), 0, ("1810.04805",), 0)


@pytest.mark.parametrize("value", [None, 5, [], [5, None], {"a": "b"}, "", [""]], ids=str)
def test_facts_when_values_are_of_the_wrong_kind_then_nothing(value):
    card = dict.fromkeys(("pipeline_tag", "library_name", "language", "tags"), value)
    assert read_card_facts(card, card) == CardFacts()
    assert read_card_facts(value, value) == CardFacts()


def test_facts_when_many_then_the_first_once_each_and_how_many_more():
    languages = [f"l{number % 20}" for number in range(60)]
    papers = [f"arxiv:2101.{number:05}" for number in range(20)]
    found = read_card_facts({"language": languages, "tags": papers}, {"tags": papers})
    assert (len(found.languages), found.languages_left_out) == (8, 12)
    assert (len(found.papers), found.papers_left_out) == (8, 12)


@pytest.mark.parametrize(
    "tag", ["arxiv:", "arxiv:12", "xarxiv:1810.04805", "arxiv:1810.04805/../x"]
)
def test_papers_when_a_tag_is_none_then_left_out(tag):
    assert read_card_facts({}, {"tags": [tag]}).papers == ()
