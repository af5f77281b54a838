import pytest

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import CARD_MAX_CHARS
from artifacts.rules import cards
from artifacts.rules.cards import divide_readme, parse_front_matter, stated_license


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
        ("---\n---\n", {}),
        ("---\na: !!binary aGk=\n---\n", {"a": "b'hi'"}),
    ],
    ids=["plain", "bom-and-crlf", "dates-and-infinities", "none", "not-at-the-top", "open",
         "empty", "binary"],
)  # fmt: skip
def test_front_matter_when_it_can_be_read_then_data_or_nothing(readme, expected):
    assert parse_front_matter(readme) == expected


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ("- a list", "no mapping"),
        ("a: [", "no valid YAML"),
        ("a: !!python/object/apply:os.system [x]", "no valid YAML"),
        ("a: &x [1]\nb: [*x, *x]", "references"),
        ("a: 1\nb: 2\na: 3", "twice"),
    ],
    ids=["list", "broken", "program", "references", "twice"],
)
def test_front_matter_when_it_cannot_be_read_then_says_why(matter, reason):
    with pytest.raises(Unreadable, match=reason):
        parse_front_matter(f"---\n{matter}\n---\n")


@pytest.mark.parametrize(
    ("matter", "reason"),
    [("[" * 5_000, "levels deep"), ("a: " + "x" * CARD_MAX_CHARS, "characters")],
    ids=["deep", "huge"],
)
def test_front_matter_when_too_much_then_says_so(matter, reason):
    with pytest.raises(TooMuchToRead, match=reason):
        parse_front_matter(f"---\n{matter}\n---\n")


@pytest.mark.parametrize(
    ("readme", "divided"),
    [
        ("---\na: 1\n---\n# T", ("a: 1\n", "\n# T")),
        ("\ufeff--- \t\r\na: 1\n---\t\r", ("a: 1\n", "")),
        ("---\na\n----\n--- x\n---\nb\n---", ("a\n----\n--- x\n", "\nb\n---")),
        ("--- x\na\n---\n", ("", "--- x\na\n---\n")),
        ("---", ("", "---")),
        ("", ("", "")),
    ],
    ids=["plain", "blanks", "others-like-it", "no-fence", "no-line", "empty"],
)
def test_divide_readme_when_divided_then_nothing_is_lost_but_the_fences(readme, divided):
    assert divide_readme(readme) == divided


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"license": "mit"}, "mit"),
        ({"license": ["mit", "apache-2.0"]}, "mit AND apache-2.0"),
        ({"license": "other", "license_name": "llama3"}, "llama3"),
        ({"license": "other"}, "other"),
        ({"license": "other", "license_link": "https://ai.google.dev/gemma/terms"}, "Gemma"),
        ({"license": ["MIT License", "gpl-3.0"]}, "MIT AND gpl-3.0"),
        ({"license": ["mit", "other"], "license_name": "lfm1.0"}, "mit AND lfm1.0"),
        ({"license_name": "lfm1.0", "license_link": 5}, "lfm1.0"),
        ({"license": "mit", "license_name": "CC BY-NC 4.0"}, "mit AND CC-BY-NC-4.0"),
        ({"license": "llama3.1", "license_name": "Llama 3.1"}, "llama3.1"),
        ({"license": "apache-2.0", "license_name": "acme-terms"}, "apache-2.0"),
        ({"license": ["other", "mit"]}, "other AND mit"),
        ({"license": {"name": "Apache 2.0"}}, "Apache 2.0"),
        ({"license": "\u201cmit\u201d"}, "mit"),
        ({"license": 5}, ""),
        ({}, ""),
    ],
)
def test_stated_license_when_read_then_one_word_for_all(card, expected):
    assert stated_license(card) == expected


@pytest.mark.parametrize(
    ("card", "stated"),
    [
        ({"license": {"code": "mit", "weights": "gemma"}}, "mit AND gemma"),
        ({"license": "`mit`"}, "mit"),
        ({"license": "[MIT](https://opensource.org/license/mit)"}, "MIT"),
        ({"license": "[](https://opensource.org/license/mit)"}, "https://opensource.org/license/mit"),
        ({"license": "other", "license_link": "[terms](https://www.apache.org/licenses/LICENSE-2.0)"},
         "Apache-2.0"),
        ({"license": {}}, ""),
    ],
    ids=str,
)  # fmt: skip
def test_stated_license_when_in_another_form_then_what_it_names(card, stated):
    assert stated_license(card) == stated


def test_stated_license_when_very_many_are_named_then_no_more_work_than_for_few(monkeypatch):
    asked = []
    monkeypatch.setattr(cards, "choose_stated", lambda *each: asked.append(each) or each[1])
    many = [f"tea {number}" for number in range(5_000)]
    stated_license({"license": ["other"] * 500 + ["Other", *many], "license_name": many})
    assert len(asked) <= 100
