import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.patterns import Pattern, count_words

# Letters of several scripts, digits beyond ASCII, blanks, combining marks, and half of a pair.
TEXTS = st.text("ab_-.,1 \n\t\xa0é\u0301中٣²\u017f\u212a\ufeff\ud800\x00\x1c\x85", max_size=30)
# As `re` has it -> as this module has it.
SAME = {
    r"\w+": Pattern(r"\w+"),
    r"\W+": Pattern(r"\W+"),
    r"\d+": Pattern(r"\d+"),
    r"\D+": Pattern(r"\D+"),
    r"\s+": Pattern(r"\s+"),
    r"\S+": Pattern(r"\S+"),
    r"[^\w.]+|[\s-]": Pattern(r"[^\w.]+|[\s-]"),
    r"[^]a]": Pattern(r"[^]a]"),
    r"a.b?": Pattern(r"a.b?"),
    r"\ba\w*\b": Pattern(r"a\w*", before=r"\w", after=r"\w"),
    r"(?<![\w.])1+": Pattern(r"1+", before=r"\w."),
    r"[ab]+(?!-)": Pattern(r"[ab]+", after="-"),
    r"(?<!a).": Pattern(r".", before="a"),
    r"(?<!\w)(?:ab?|b)(?!-)|(?<![\w.])1+": Pattern(r"ab?|b", before=r"\w", after="-")
    | Pattern("1+", before=r"\w."),
    r"(?m)^a+$": Pattern(r"(?m)^a+$"),
    r"\Aa(b)?\Z": Pattern(r"\Aa(b)?\z"),
}


@pytest.mark.parametrize("known", SAME)
@given(text=TEXTS)
def test_pattern_when_a_text_has_all_kinds_of_characters_then_it_finds_what_re_finds(known, text):
    ours, theirs = SAME[known], re.compile(known)
    spans = [match.span() for match in theirs.finditer(text)]
    assert [found.span() for found in ours.finditer(text)] == spans
    assert ours.findall(text) == [text[start:end] for start, end in spans]
    assert ours.count(text) == len(spans)
    assert ours.sub("-", text) == theirs.sub("-", text)
    assert ours.split(text) == re.split(known.replace("(b)", "b"), text)
    assert (ours.search(text) is None) == (not spans)
    for one, other in ((ours.match, theirs.match), (ours.fullmatch, theirs.fullmatch)):
        found, match = one(text), other(text)
        assert (found and found.span()) == (match and match.span())


@given(text=TEXTS | st.text("a'-é ", max_size=12))
def test_count_words_when_a_text_has_all_kinds_of_characters_then_as_many_as_re_finds(text):
    assert count_words(text) == len(re.findall(r"\w[\w'-]*", text))


def test_pattern_when_groups_are_asked_for_then_they_are_numbered_as_written():
    found = Pattern(r"(\d)[.,](\d)?(x)", before=r"\w", after=r"\w").search("é: 5.x")
    assert found is not None
    assert [found[group] for group in range(4)] == ["5.x", "5", "", "x"]
    assert (found.start(), found.end(), found.span(3)) == (3, 6, (5, 6))


@pytest.mark.parametrize(
    "text", [r"\bword\b", r"(?<!a)b", r"a(?=b)", r"(a)\1", r"a\Z", r"[\W]", "é"]
)
def test_pattern_when_re2_would_read_it_otherwise_then_it_is_refused(text):
    import re2

    with pytest.raises((ValueError, re2.error)):
        Pattern(text).search("")


def test_pattern_when_it_matches_nothing_then_it_does_not_go_on_for_ever():
    with pytest.raises(ValueError, match="matches nothing"):
        Pattern("a*").findall("b")


def test_pattern_when_it_is_made_then_nothing_is_compiled():
    pattern = Pattern("(")
    assert pattern._compiled is None
    with pytest.raises(re2.error):
        pattern.search("a")
