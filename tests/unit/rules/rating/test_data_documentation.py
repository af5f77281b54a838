"""What the card of a data set says in words, topic by topic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.data_documentation import Documentation, read_documentation

TEMPLATE = """---
license: mit
pretty_name: Cups
---
# Dataset Card for Dataset Name

This dataset card aims to be a base template for new datasets.

## Table of Contents

- [Dataset Description](#x)
- [Licensing Information](#y)

## Dataset Details

- **Curated by:** [More Information Needed]
- **License:** [Needs More Information]
- **Homepage:** https://example.com/a/long/address

## Dataset Creation

### Curation Rationale

<!-- Motivation for the creation of this dataset. -->

TODO

### Source Data

[More Information Needed](https://example.com/contributing)

## Bias, Risks, and Limitations

TBD

## Uses

coming soon

### Direct use

{{ direct_use }} [Insert text here] (your words)

### Out-of-scope use

Describe the uses for which the data are not made. Please list any misuse.
"""


def test_documentation_when_nobody_wrote_the_card_then_none():
    assert read_documentation(TEMPLATE).share() == 0


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("## Source data\n\nA robot photographed cups in twelve kitchens.", "making"),
        ("# Cups\n\nThe cups were collected with consent in 2023.", "making"),
        ("## Data fields\n\nA cup, a colour, and a number.", "structure"),
        ("# Cups\n\nIt contains 5,000 pictures.", "structure"),
        ("## Known biases\n\nMost cups are large and blue.", "cautions"),
        ("# Cups\n\nSome pictures hold personal things.", "cautions"),
        ("## Intended uses\n\nTeach robots to serve tea.", "uses"),
        ("## Licensing\n\nEverybody may copy these pictures.", "terms"),
    ],
)
def test_documentation_when_a_title_or_a_sentence_has_a_topic_then_its_words_count(text, topic):
    assert dict(read_documentation(text).words_by_topic).keys() == {topic}


def test_documentation_when_titles_are_nested_then_the_nearest_topic_counts():
    text = "## Data creation\n\n### Notes\n\nOne two three.\n\n### Splits\n\nOne two."
    assert read_documentation(text).words_by_topic == {"making": 3, "structure": 2}


def test_documentation_when_there_is_an_example_and_a_citation_then_they_count():
    text = "# Cups\n\n## Data instances\n\n```\n{'cup': 1}\n```\n\n```bibtex\n@misc{cups}\n```\n"
    assert read_documentation(text).words_by_topic == {"structure": 15, "terms": 25}


def test_documentation_when_read_then_it_quotes_the_first_sentence():
    text = "# Cups\n\nPaper: Cups of the World\n\nFive thousand cups in ten colours. More of it."
    assert read_documentation(text).quote == "Five thousand cups in ten colours"


def test_documentation_when_full_then_one():
    topics = dict.fromkeys(("making", "structure", "cautions", "uses", "terms"), 25)
    assert Documentation(1_000, topics).share() > 0.95


@pytest.mark.slow
@given(st.text("aA# \n.:-[]|", max_size=200), st.text("bB# \n.:-[]|", max_size=200))
def test_documentation_when_a_section_is_added_then_not_less(text, more):
    before = read_documentation(text).share()
    assert read_documentation(f"{text}\n\n## Source data\n\n{more}").share() >= before - 1e-9
