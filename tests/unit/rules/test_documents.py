"""JSON from outside becomes data that can be kept, or an error that says why; whatever it is."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import CARD_MAX_CHARS, DATA_DEPTH_MAX, WHOLE_NUMBER_MAX
from artifacts.rules.documents import fitting, read_json, read_json_at, read_strict_json


def flaws_of(value: object, depth: int = 0) -> list[str]:
    """What a database or a recursive program could not take."""
    if isinstance(value, dict):
        inner = [*value.values(), *value]
        return [each for child in inner for each in flaws_of(child, depth + 1)]
    if isinstance(value, list):
        return [each for child in value for each in flaws_of(child, depth + 1)]
    if isinstance(value, str):
        has_half = any("\ud800" <= letter <= "\udfff" for letter in value)
        return ["text"] if has_half or "\x00" in value else []
    if isinstance(value, bool) or value is None:
        return ["depth"] if depth > DATA_DEPTH_MAX else []
    if isinstance(value, int):
        return [] if abs(value) <= WHOLE_NUMBER_MAX else ["integer"]
    return [] if isinstance(value, float) and math.isfinite(value) else ["number"]


# Pieces of JSON, right and wrong, put together in every way.
PIECES = st.lists(
    st.sampled_from(
        ["[", "]", "{", "}", ",", ":", '"a"', '"\\u0000"', '"\\ud800"', '"\\uD83D\\uDE00"', "1",
         "-0", "1e999", "NaN", "-Infinity", "9223372036854775808", "1" * 5_000, "null", "true", " ",
         "\x00", "\ud800", "é", "\\", '{"a":', "0.1e-400", '"a":1,"a":2']
    ),
    max_size=12,
).map("".join)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
).map(json.dumps)


@pytest.mark.slow
@given(PIECES | VALUES | st.text() | st.binary())
@example("[" * 100_000)
@example('{"a":' * 101 + "1" + "}" * 101)
def test_read_json_when_the_text_is_anything_then_sound_data_or_an_error_of_ours(text):
    try:
        data = read_json(text, "It")
    except Unreadable:
        data = None
    assert flaws_of(data) == []


@given(PIECES | VALUES)
def test_strict_json_when_it_is_read_then_nothing_was_mended(text):
    raw = text.encode("utf-8", "surrogatepass")
    try:
        data = read_strict_json(raw, "It")
    except Unreadable:
        return
    assert flaws_of(data) == []
    assert json.loads(raw) == data


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "twice"),
        ('[{"a\\u0000": 1, "a\\ufffd": 2}]', "twice"),
        ("", "not valid JSON"),
        (b"\xff", "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        ("[1,]", "not valid JSON"),
        ('"\x00"', "not valid JSON"),
    ],
    ids=["key-twice", "kept-twice", "nothing", "no-text", "utf-16", "comma", "nul"],
)
def test_read_json_when_unreadable_then_says_why(text, reason):
    with pytest.raises(Unreadable, match=reason) as caught:
        read_json(text, "It")
    assert not isinstance(caught.value, TooMuchToRead)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 101 + "]" * 101, "levels deep"),
        ("[" * 1_000_000, "levels deep"),
        ("[" + "[]," * 1_000_001 + "[]]", "values"),
        ('["' + "\\n" * 1_000_001 + '"]', "values"),
    ],
    ids=["deep", "deeper-than-the-decoder", "many", "escapes"],
)
def test_read_json_when_too_much_then_says_so(text, reason):
    with pytest.raises(TooMuchToRead, match=reason):
        read_json(text, "It")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeff[1]", [1]),
        ("[9223372036854775807, 9223372036854775808]", [WHOLE_NUMBER_MAX, "9223372036854775808"]),
        ("[1e999, NaN, -Infinity, 1e-999]", ["1e999", "NaN", "-Infinity", 0.0]),
        ('["a\\u0000b\\ud800", "\\ud83d\\ude00"]', ["a\ufffdb\ufffd", "😀"]),
        ('{"a\\u0000": 1}', {"a\ufffd": 1}),
        ("[" * 100 + "]" * 100, json.loads("[" * 100 + "]" * 100)),
    ],
    ids=["byte-order-mark", "64-bits", "infinities", "letters", "keys", "deep-enough"],
)
def test_read_json_when_it_can_be_mended_then_it_is(text, expected):
    assert read_json(text, "It") == expected


def test_read_json_at_when_a_value_begins_there_then_it_and_its_end():
    assert read_json_at('x{"a": 1}, 2', 1, "It") == ({"a": 1}, 9)
    with pytest.raises(Unreadable):
        read_json_at('{"a": ', 0, "It")


@pytest.mark.parametrize(
    "data",
    [{"a": "x" * CARD_MAX_CHARS}, {"x" * CARD_MAX_CHARS: 1}, {"a": [0] * CARD_MAX_CHARS},
     {"a": "\x01" * (CARD_MAX_CHARS // 5)}],
    ids=["text", "key", "values", "escaped"],
)  # fmt: skip
def test_fitting_when_too_large_then_says_so(data):
    with pytest.raises(TooMuchToRead, match="characters"):
        fitting(data, "It")


@pytest.mark.parametrize("value", [0, "", {}, []], ids=["numbers", "texts", "objects", "lists"])
def test_fitting_when_there_are_many_small_values_then_refused_before_anything_is_made(
    value, monkeypatch
):
    monkeypatch.setattr("artifacts.rules.documents._plain", None)
    with pytest.raises(TooMuchToRead, match="characters"):
        fitting({"a": [value] * (CARD_MAX_CHARS // 3 + 1)}, "It")


@pytest.mark.slow
def test_fitting_when_as_many_values_as_fit_then_taken():
    data = {"a": [0] * (CARD_MAX_CHARS // 3 - 10)}
    assert fitting(data, "It") == data


def test_fitting_when_two_keys_become_one_then_unreadable():
    twice: dict[Any, str] = {1: "a", "1": "b"}
    with pytest.raises(Unreadable, match="twice"):
        fitting(twice, "It")
    with pytest.raises(Unreadable, match="twice"):
        fitting({"a": [{"\0": 1, "\ufffd": 2}]}, "It")


def test_fitting_when_it_fits_then_json_data():
    assert fitting({"a": (1, {2}), "b": float("inf"), "c": 2**64}, "It") == {
        "a": [1, [2]], "b": "inf", "c": str(2**64)
    }  # fmt: skip
