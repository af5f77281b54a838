import pytest

from artifacts.rules.text import storable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain ünïcode 🙂", "plain ünïcode 🙂"),
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ({"k\x00": ["\x00", 1, None, True]}, {"k\ufffd": ["\ufffd", 1, None, True]}),
        ((1.5, "x"), [1.5, "x"]),
        ({1: "number as key"}, {"1": "number as key"}),
    ],
    ids=["untouched", "nul", "lone-surrogate", "nested", "tuple", "key"],
)
def test_storable_when_given_strange_text_then_replaces_what_no_database_keeps(value, expected):
    assert storable(value) == expected
