"""Which artifacts a search was for."""

from typing import NamedTuple

import pytest

from artifacts.limits import SOUGHT_AMONG_MAX, SOUGHT_MAX
from artifacts.rules.search.sought import list_matched, list_sought


class Row(NamedTuple):
    id: str
    name: str


BERTS = [
    Row("1", "bert-base"), Row("2", "BERT-large"), Row("3", "a-card-about-bert"), Row("4", "robot"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        pytest.param("bert-base", ["1"], id="a-whole-name-is-for-what-is-called-so"),
        pytest.param("Bert-Large", ["2"], id="in-any-case"),
        pytest.param("bert", ["1", "2", "3"], id="words-are-for-the-few-names-that-hold-them"),
        pytest.param("bert large", ["2"], id="all-words"),
        pytest.param("about card", ["3"], id="in-any-order"),
        pytest.param("transformer", [], id="what-only-a-readme-holds-is-for-none"),
        pytest.param("", [], id="nothing-asked"),
        pytest.param("  ", [], id="only-blanks"),
    ],
)
def test_sought_when_words_are_asked_then_those_that_names_hold(asked, ids):
    assert list_sought(BERTS, asked) == ids


def test_sought_when_too_many_names_hold_the_words_then_none():
    found = [Row(str(at), f"bert-{at}") for at in range(SOUGHT_MAX)]
    assert len(list_sought(found, "bert")) == SOUGHT_MAX
    assert list_sought([*found, Row("x", "bert-x")], "bert") == []
    assert list_sought([*found, Row("x", "bert")], "bert") == ["x"]


def test_matched_when_much_was_found_then_none():
    found = [Row(str(at), f"name-{at}") for at in range(SOUGHT_AMONG_MAX)]
    assert list_matched(found, lambda name: name == "name-7") == ["7"]
    assert list_matched(found, lambda _: True) == []
    assert list_matched([*found, Row("x", "x")], lambda name: name == "name-7") == []
