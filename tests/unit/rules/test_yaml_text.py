"""YAML from outside: sound data, or an error of ours, and never long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import DATA_DEPTH_MAX, YAML_NODES_MAX
from artifacts.rules.yaml_text import read_yaml
from tests.unit.rules.test_documents import flaws_of

PIECES = st.lists(
    st.sampled_from(
        ["a", ":", " ", "\n", "- ", "? ", "[", "]", "{", "}", ",", "&x ", "*x", "<<", "!!int ",
         "!!set ", "!!timestamp ", "!!float ", "!!bool ", "!!binary ", "!!omap ", "!!null ",
         "!!python/name:os ", "'", '"', "|\n ", ">", "%", "@", "#", "---\n", "...", "1:2:3", "0x",
         "1_0", "0001-01-01", "T00:00:00+10:00", ".inf", "~", "\t", "\x00", "\ud800", "é", "🙂",
         "9" * 400]
    ),
    max_size=15,
).map("".join)  # fmt: skip


@given(PIECES | st.text())
def test_read_yaml_when_the_text_is_anything_then_sound_data_or_an_error_of_ours(text):
    try:
        data = read_yaml(text, "It")
    except Unreadable:
        data = {}
    assert flaws_of(data) == []


@pytest.mark.parametrize(
    "text",
    [
        "a: !!int ''", "a: !!int x", "a: !!float ''", "a: !!bool x", "a: !!timestamp x",
        "a: !!binary 'é'", "a: !!omap x", "a: !!set [x]", "a: !!python/object:os.x {}",
        "a: 2024-13-01", "? [a]\n: b", "a: b: c", "a:\n\t- b",
        "<<: 5", "a: 'b", "a\x00b: c", "a: \ud800", "--- a\n--- b", "!!map x",
    ],
)  # fmt: skip
def test_read_yaml_when_broken_then_unreadable(text):
    with pytest.raises(Unreadable, match="cannot be read") as caught:
        read_yaml(text, "It")
    assert not isinstance(caught.value, TooMuchToRead)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 1_000_000, "levels deep"),
        ("{a: " * 250_000, "levels deep"),
        ("- " * 500_000, "levels deep"),
        ("".join(" " * depth + "a:\n" for depth in range(DATA_DEPTH_MAX + 1)), "levels deep"),
        ("a:\n" + "- 1\n" * YAML_NODES_MAX, "entries"),
        ("".join(f"k{n}:\n" for n in range(YAML_NODES_MAX)), "entries"),
    ],
    ids=["brackets", "braces", "lists", "mappings", "many", "keys"],
)
def test_read_yaml_when_too_much_then_says_so(text, reason):
    with pytest.raises(TooMuchToRead, match=reason):
        read_yaml(text, "It")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("a: &x 1", {"a": 1}),
        ("<<: {a: 1, b: 1}\na: 2", {"a": 2, "b": 1}),
        ("a: 1:30", {"a": 90}),
        ("a: " + "1:" * 50_000 + "1", {"a": "1:" * 50_000 + "1"}),
        ("a: " + "9" * 100_000, {"a": "9" * 100_000}),
        ("a: 18446744073709551616", {"a": "18446744073709551616"}),
        ("a: !!set {b}", {"a": ["b"]}),
        ("a: !!omap [b: 1]", {"a": [["b", 1]]}),
        ("a: 2024-01-02T03:04:05Z", {"a": "2024-01-02T03:04:05+00:00"}),
        ("a: 🙂", {"a": "🙂"}),
        ('a: "\\0"', {"a": "\ufffd"}),
    ],
    ids=["nothing", "anchor", "merged", "sexagesimal", "long-sexagesimal", "long-number", "65-bits",
         "set", "pairs", "time", "emoji", "nul"],
)  # fmt: skip
def test_read_yaml_when_read_then_data(text, expected):
    assert read_yaml(text, "It") == expected


@pytest.mark.parametrize(
    "text",
    ["a: 1\nb: 2\n'a': 3", "{a: 1, a: 1}", "1: a\n0x1: b", "<<: {}\na: 1\na: 2",
     "<<: {}\n1: a\n0x1: b", "<<: {c: 1}\n1: a\n'1': b"],
)  # fmt: skip
def test_read_yaml_when_a_key_stands_twice_then_unreadable(text):
    with pytest.raises(Unreadable, match="twice"):
        read_yaml(text, "It")
