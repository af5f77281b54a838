"""What stands above a license: its own name, or another's."""

import pytest

from artifacts.rules.licensing.leftovers import find_weight
from artifacts.rules.licensing.words import read_words

TITLES = {
    "CC-BY-NC-4.0": "Creative Commons Attribution-NonCommercial 4.0 International",
    "CC-BY-SA-3.0": "Attribution-ShareAlike 3.0 Unported (CC BY-SA 3.0)",
    "CC-BY-NC-ND-4.0": "Attribution-NonCommercial-NoDerivatives 4.0",
    "Apache-2.0": "This project is licensed under the Apache-2.0 license:",
    "LGPL-2.1-only": "Licensed under LGPL-2.1-only",
    "MPL-2.0": "Mozilla Public License Version 2.0",
}


def has_weight(text: str, *names: str) -> bool:
    words = read_words(text)
    return find_weight(words, [(0, len(words.words))], frozenset(names)) is not None


@pytest.mark.parametrize("name", TITLES)
@pytest.mark.parametrize("above", ["", "Copyright (c) 2024 Acme Ltd\n\n", "Tea\n(c) 2024 Jo\n"])
def test_find_weight_when_its_own_name_stands_above_then_none(name, above):
    assert not has_weight(above + TITLES[name], name)


@pytest.mark.parametrize(
    "line",
    ["Weights: CC BY-NC 4.0", "Assets CC BY-SA", "Data: CC-BY-ND 3.0",
     "Weights: Attribution-NonCommercial 4.0", "Model under CC BY-NC-SA"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["CC-BY-4.0", "CC0-1.0", "MIT"])
def test_find_weight_when_a_stricter_relative_is_named_above_then_that_line(line, name):
    assert has_weight(line, name)


@pytest.mark.parametrize("heading", ["Definitions", "Preamble", "Section One"])
def test_find_weight_when_a_heading_follows_the_notice_above_then_none(heading):
    assert not has_weight(f"Copyright (c) 2024 Acme\n\nMIT License\n\n{heading}\n", "MIT")


def test_find_weight_when_a_clause_follows_the_notice_above_then_that_clause():
    assert has_weight("Copyright (c) 2024 Acme\n\nNot for resale\n", "MIT")
