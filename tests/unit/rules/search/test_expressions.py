import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import InvalidExpression
from artifacts.limits import REGEX_MAX_CHARS
from artifacts.rules.search.expressions import compile_expression
from artifacts.rules.search.formula import AllOf, AnyOf, Formula, Literal


@pytest.mark.parametrize(
    "text",
    [
        r"(a+)+$", r"(a|aa)*$", r"(a*)*", r"([a-z]+)*", r"(x+x+)+y", r"^(a|a?)+$", r"(\w+\s*)+$",
        r"(.*a){12}b", r"(a|a)*", r"(.*)*", r"((a+)b*)+", r"(\d+|\w+)*", r"(?i)(a|A)*", r"(\pL|x)+",
        r"(?:(?:a|ab)(?:c|bc)*)*", r"([[:alpha:]]|x)*", "(" + "a?" * 480 + ")*",
    ],
)  # fmt: skip
def test_compile_when_repetition_is_ambiguous_then_refused(text):
    with pytest.raises(InvalidExpression, match="hang"):
        compile_expression(text)


@pytest.mark.parametrize("text", [r"\x{d800}tea", r"tea\x{DFFF}", r"(?i)\x{dbff}Tea"])
def test_required_when_half_of_a_pair_is_named_then_an_index_can_be_asked(text):
    required = compile_expression(text).required
    assert isinstance(required, Literal)
    assert required.text.lower() == "tea"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a" * (REGEX_MAX_CHARS + 1), "1,001 characters"),
        ("(", "missing"),
        (r"(a)\1", "back-references"),
        ("(?=a)", "look-around"),
        ("(a{1,99999}){1,99999}$", "repeats over 1,000"),
        ("\ud800", "no regular expression"),
    ],
    ids=["empty", "too-long", "broken", "reference", "look-ahead", "large-repeat", "surrogate"],
)
def test_compile_when_it_cannot_be_searched_for_then_says_why(text, reason):
    with pytest.raises(InvalidExpression, match=reason):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        (r"(a|b)*c", "abc", "xyz"),
        (r".*?(audience|bert).*", "the bert model", "gpt"),
        (r"(foo-\w+,)*$", "anything", None),
        (r"^lerobot-(pusht|nothing)$", "lerobot-pusht", "lerobot-pusht2"),
        (r"[a-z]+(-[a-z]+)*", "a-b-c", "123"),
        (r"(?i)BERT", "a bert", "b e r t"),
        (r"\Qa+b\E", "1 a+b 2", "aab"),
        (r"[[:digit:]]{3}", "x123", "12"),
        (r"\x41\x{42}\103", "ABC", "abc"),
        (r"(?P<name>x)y(?:z)(?s:.)$", "xyz\n", "xyz"),
        (r"[^a-c\d]", "x", "abc123"),
        (r"(?i)[^b]", "a", "bB"),
        (r"(?U)a+", "aa", "b"),
        (r"\pL\PN\p{Greek}", "abω", "123"),
        (r"\a|\t", "\t", " "),
        (r"[\]x-]+", "]-", "y"),
        (r"ü+n", "üün", "un"),
        (r"\bcat\b", "a cat!", "cats"),
        ("(" * 450 + "a" + ")" * 450, "a", "b"),
        (r"a{,2}", "a{,2}", "aa"),
        (r"x*", "", None),
        (r"|a", "", None),
    ],
)
def test_compile_when_honest_then_finds_what_it_should(text, found, not_found):
    expression = compile_expression(text)
    assert expression.matches(found)
    assert not_found is None or not expression.matches(not_found)


def test_matches_when_the_text_has_strange_characters_then_no_crash():
    assert compile_expression("a.*b").matches("a\x00\ud800b")


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("google-research-bert", Literal("google-research-bert")),
        (".*bookcorpus.*", Literal("bookcorpus")),
        ("(audience|bert)", AnyOf((Literal("audience"), Literal("bert")))),
        ("abc.*def", AllOf((Literal("abc"), Literal("def")))),
        ("ab", None),
        ("abc|de", None),
        ("(abc)?", None),
        ("(abc)+x", Literal("abc")),
        ("gr(a|e)y", None),
        ("abc$def", AllOf((Literal("abc"), Literal("def")))),
        ("(?i)model", Literal("model", is_folded=True)),
        ("(?i)tasks", None),
        (r"\Qa.b\E", Literal("a.b")),
        (r"[[:alpha:]]bcd", Literal("bcd")),
    ],
)
def test_required_when_text_must_be_there_then_the_index_may_be_asked_for_it(text, required):
    assert compile_expression(text).required == required


def holds(formula: Formula | None, text: str) -> bool:
    """Whether the index would let a text through."""
    if formula is None:
        return True
    if isinstance(formula, Literal):
        return formula.text.lower() in text.lower()
    join = all if isinstance(formula, AllOf) else any
    return join(holds(part, text) for part in formula.parts)


ATOMS = st.sampled_from(
    [
        "abc",
        "de",
        ".",
        r"\w",
        "[a-d]",
        "(?:abc|bcd)",
        "(?:ab|cde)",
        "x",
        r"\Qa.c\E",
        "^",
        "$",
        "(?i:bcd)",
    ]
)
PATTERNS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "", "?", "{2}"])), max_size=5).map(
    lambda parts: "".join(f"(?:{atom}){suffix}" for atom, suffix in parts)
)
TEXTS = st.text(alphabet="abcdex.ABCD\n", max_size=12)


@given(PATTERNS, TEXTS)
def test_required_when_an_expression_matches_then_the_index_never_hides_it(pattern, text):
    if not pattern:
        return
    expression = compile_expression(pattern)
    if expression.matches(text):
        assert holds(expression.required, text)


@given(st.lists(st.sampled_from(list("ab()|*+?[]^-\\.{}12,")), max_size=12).map("".join))
def test_compile_when_given_anything_then_an_answer_and_never_a_crash(text):
    with suppress(InvalidExpression):
        assert compile_expression(text).matches("") in (True, False)


@given(PATTERNS, TEXTS)
def test_matches_when_python_understands_the_expression_too_then_they_agree(pattern, text):
    if not pattern:
        return
    python = pattern.replace(r"\Qa.c\E", r"a\.c").replace("$", r"\Z")
    ours = compile_expression(pattern).matches(text)
    assert ours == (re.search(python, text, re.ASCII) is not None)
