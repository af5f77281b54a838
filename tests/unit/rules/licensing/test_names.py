"""What people write for a license."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.licensing.names import parse_license


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("apache-2.0", "Apache-2.0"), ("Apache 2.0", "Apache-2.0"), ("MIT License", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"), ("The MIT License", "MIT"),
        ("GPL-3.0", "GPL-3.0-only"), ("GPL-2.0+", "GPL-2.0-or-later"), ("gplv3", "GPL-3.0-only"),
        ("LGPL-2.1", "LGPL-2.1-only"), ("bsd-3-clause-clear", "BSD-3-Clause-Clear"),
        ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"), ("llama3.1", "Llama-3.1"), ("gemma", "Gemma"),
        ("bigscience-openrail-m", "BigScience-OpenRAIL-M"), ("openrail++", "OpenRAIL++-M"),
        ("other", "unknown"), ("NOASSERTION", "unknown"), ("", ""), ("none", ""),
        ("mit or apache-2.0", "MIT OR Apache-2.0"), ("MIT AND (a OR BSD-2-Clause)", None),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only"),
    ],
)  # fmt: skip
def test_license_when_stated_then_its_canonical_form(stated, text):
    license_ = parse_license(stated)
    assert license_.is_stated is bool(stated and stated != "none")
    if text is not None:
        assert license_.text == text


def test_license_when_there_are_choices_then_each_with_all_that_applies():
    choices = parse_license("MIT AND (GPL-3.0 OR BSD-2-Clause)").choices
    assert set(choices) == {frozenset({"MIT", "GPL-3.0-only"}), frozenset({"MIT", "BSD-2-Clause"})}


@pytest.mark.parametrize(
    "stated",
    [
        "(" * 10_000,
        "a" * 100_000,
        "(a OR b) AND " * 30 + "c",
        "MIT AND",
        "OR",
        ")(",
        "\x00",
    ],
    ids=["brackets", "long", "many choices", "open end", "word", "wrong way", "nul"],
)
def test_license_when_hostile_then_one_that_nobody_knows(stated):
    assert parse_license(stated).choices == (frozenset({"unknown"}),)


@given(st.text(max_size=400))
def test_license_when_the_text_is_anything_then_it_never_raises(stated):
    assert isinstance(parse_license(stated).choices, tuple)
