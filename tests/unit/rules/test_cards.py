import pytest

from artifacts.limits import CARD_MAX_CHARS
from artifacts.rules.cards import bounded, parse_front_matter, stated_license


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("---\nlicense: mit\ntags: [a, b]\n---\n# X", {"license": "mit", "tags": ["a", "b"]}),
        ("\ufeff---\r\nlicense: mit\r\n---\r\n", {"license": "mit"}),
        ("---\ndate: 2024-01-02\nn: .inf\nm: .nan\n1: x\n---\n",
         {"date": "2024-01-02", "n": "inf", "m": "nan", "1": "x"}),
        ("# no front matter", {}),
        ("text\n---\na: b\n---\n", {}),
        ("---\nnever closed", {}),
        ("---\n- a list\n---\n", {}),
        ("---\na: [\n---\n", {}),
        ("---\na: !!python/object/apply:os.system [x]\n---\n", {}),
        ("---\na: &x [1]\nb: [*x, *x]\n---\n", {}),
        ("---\na: !!binary aGk=\n---\n", {"a": "b'hi'"}),
        ("---\n" + "[" * 5_000 + "\n---\n", {}),
        ("---\na: " + "x" * CARD_MAX_CHARS + "\n---\n", {}),
    ],
    ids=["plain", "bom-and-crlf", "dates-and-infinities", "none", "not-at-the-top", "open", "list",
         "broken", "program", "references", "binary", "deep", "huge"],
)  # fmt: skip
def test_front_matter_when_read_then_data_or_nothing(readme, expected):
    assert parse_front_matter(readme) == expected


def test_bounded_when_too_large_then_nothing():
    assert bounded({"a": "x" * CARD_MAX_CHARS}) == {}
    assert bounded({"a": (1, {2})}) == {"a": [1, [2]]}


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"license": "mit"}, "mit"),
        ({"license": ["mit", "apache-2.0"]}, "mit AND apache-2.0"),
        ({"license": "other", "license_name": "llama3"}, "llama3"),
        ({"license": "other"}, "other"),
        ({"license": 5}, ""),
        ({}, ""),
    ],
)
def test_stated_license_when_read_then_one_word_for_all(card, expected):
    assert stated_license(card) == expected
