"""What an expression may cost: in its own judgement, and for each megabyte that it reads."""

import random
from contextlib import suppress
from functools import partial
from itertools import product

import pytest

from artifacts.exceptions import InvalidExpression
from artifacts.rules.search.expressions import compile_expression
from artifacts.rules.search.formula import LITERALS_MAX, AllOf, AnyOf, Formula, Literal
from artifacts.rules.search.syntax import Parser
from tests.growth import thread_s

pytestmark = pytest.mark.no_cover  # coverage would be measured as well, and is dearer than the work

TEXT_BYTES = 300_000
# Of one megabyte; see REGEX_SMALL_PROGRAM_MAX.
COST_MAX_S_PER_MB = 2.0
JUDGED_MAX_S = 1.0
RANDOM = random.Random(23)
HAN = [chr(0x4E00 + number) for number in range(480)]


def some(letters: str) -> str:
    text = "".join(RANDOM.choices(letters, k=TEXT_BYTES))
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")


TEXTS = {
    "one letter": "a" * TEXT_BYTES,
    "two letters in turns": "ab" * (TEXT_BYTES // 2),
    "two letters": some("ab"),
    "words": some("abcdefghijklmnopqrstuvwxyz    \n"),
    "scripts": some("abäжλ語中𐍈 0x" + "".join(HAN)),
}
HOSTILE = [
    r".{1000}.{1000}z",
    r"\pL{500}x",
    r"(?s).{900}.{900}z",
    r"a.{500}b",
    r"a[ab]{1000}c",
    r"a[ab]{400}",
    r"(a.{50}){20}b",
    r"\p{Lu}\pL{300}x",
    r"x[ab]{300}a[ab]*",
    r"[ab]*b[ab]{300}c",
    r"(?i)k.{300}s",
    r"(a|b.){200}c",
    r"(a|[^a]{5}|b{7}|[ab]{11}){8}c",
    r"[^\n]{0,1000}[^b]{900}z",
    "a" + "." * 900 + "b",
    r"\pL" * 300,
    r"[\x{100}-\x{10ffff}]{1000}.{1000}x",
    r"(a?){1000}a{1000}",
    r"(\pL|\pN){100}x",
    r"((a.{10}){10}){5}",
    r"\C{1000}.{1000}",
    r"a\C{300}b",
    r".{999}" * 140,
    r"\pL{1000}" * 100,
    r"(?:a|ab|abc){300}d",
    r"[[:alpha:]]a[[:alnum:]]{400}-",
    r"(?i)ж\pL{200}ж",
    r"a(?U).{300}b",
    r"a(?:.{30}){10}?b",
    r"\w\W{300}|\W\w{300}",
    r"(ab|ba){300}aab",
    r"\ba.{200}\b",
]
HARMLESS = [
    r"zebra[0-9]+",
    r".*",
    r"(a|b)*",
    r"a{1000}",
    r"[a-z]{1000}",
    r"[^\n]{80,100}$",
    r"(?i)bert.*large",
    r"\pL+ \pL+",
    r"(?i)\pL+ \pL+ \pL+x",
    r"\w{1,200}@\w{1,20}\.com",
    r"model.{0,100}license",
    r"\d{4}-\d\d-\d\d",
    r"(a|b|c){500}",
    r"\S{40,60}",
    "|".join(f"m{n}-x" for n in range(150)),
    "(?i)(" + "|".join(f"{a}-{b}" for a, b in product(["bert", "gpt"], range(40))) + ")",
    r"[\x{430}-\x{44f}]{300}",
    "語" * 330,
    r"(?i)привет.*мир",
    ".{1000}",
    r"^(\w+-)*\w+$",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_compile_when_an_expression_is_harmless_then_it_is_taken_and_cheap(text):
    expression = compile_expression(text)
    costs_s = [thread_s(partial(expression.matches, each)) for each in TEXTS.values()]
    assert max(costs_s) * 1_000_000 / TEXT_BYTES < COST_MAX_S_PER_MB / 4


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_compile_when_an_expression_could_cost_much_then_refused_or_cheap(text):
    try:
        expression = compile_expression(text[:1000])
    except InvalidExpression:
        return
    costs_s = [thread_s(partial(expression.matches, each)) for each in TEXTS.values()]
    assert max(costs_s) * 1_000_000 / TEXT_BYTES < COST_MAX_S_PER_MB


def make_expressions(count: int) -> list[str]:
    """Expressions that nobody thought of: small parts, counted, joined and nested."""
    random_ = random.Random(9)
    atoms = ["a", "b", ".", "[ab]", r"\w", r"\pL", "[^a]", r"\PN", "(a|b)", "(?i:k)", "語", "x"]
    counts = ["", "", "?", "{3}", "{40}", "{0,90}", "{300}", "{1000}", "*"]
    found = []
    for _ in range(count):
        parts = [
            random_.choice(atoms) + random_.choice(counts) for _ in range(random_.randint(1, 5))
        ]
        inner = "".join(parts)
        found.append(inner if random_.random() < 0.7 else f"({inner}|b){{{random_.randint(2, 9)}}}")
    return found


@pytest.mark.slow
def test_compile_when_expressions_are_made_at_random_then_each_is_refused_or_cheap():
    taken, costs = 0, {}
    for text in make_expressions(150):
        try:
            expression = compile_expression(text)
        except InvalidExpression:
            continue
        taken += 1
        for each in ("two letters", "scripts"):
            cost_s = thread_s(partial(expression.matches, TEXTS[each]))
            costs[text, each] = cost_s * 1_000_000 / TEXT_BYTES
    assert taken > 40
    assert {each: cost for each, cost in costs.items() if cost > COST_MAX_S_PER_MB} == {}


@pytest.mark.parametrize(
    "text",
    [
        "(" + "|".join(HAN) + ")*", "(" + "".join(f"{each}?" for each in HAN[:330]) + ")*",
        "(" + "|".join(a + b for a, b in zip(HAN[:300:2], HAN[1:300:2], strict=True)) + ")*",
        "(" * 490 + "a" + ")" * 490, "(abc|" * 160 + "x" + ")" * 160, "(abc" * 190 + ")" * 190,
        "(" * 100 + "|".join(HAN[:300]) + ")*" * 100, "(" + ".?" * 330 + ")", r"(\w+ )*" * 120,
        "".join(f"{each}*" for each in HAN), "[" + "".join(HAN) + "]*" + "[^" + "".join(HAN) + "]*",
        "((((a?){10}){10}){10})", "(a?){1000}" * 90, "a{1000}" * 140, "(a|b{900}|c{900}){2}",
        "(?i)[" + "kKsS" * 200 + "]{1000}", "(?i:" * 190 + "k" + ")" * 190, "(((a|b)?c)?d)?" * 60,
    ],
    ids=lambda text: text[:25],
)  # fmt: skip
def test_compile_when_an_expression_is_hostile_then_judging_it_is_quick(text):
    def judge() -> None:
        with suppress(InvalidExpression):
            compile_expression(text[:1000])

    assert thread_s(judge) < JUDGED_MAX_S


def literals(formula: Formula | None) -> list[str]:
    if isinstance(formula, Literal):
        return [formula.text]
    return [] if formula is None else [one for part in formula.parts for one in literals(part)]


def depth(formula: Formula | None) -> int:
    return 1 + max(map(depth, formula.parts)) if isinstance(formula, (AllOf, AnyOf)) else 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("|".join(f"n{number:02}" for number in range(60)), 60),
        ("|".join(f"n{number:02}" for number in range(100)), 0),
        (".".join(f"n{number:02}" for number in range(200)), 4),
        ("(abc|" * 160 + "xyz" + ")" * 160, 2),
        ("(abc.(d.f|" * 80 + "xyz" + "))" * 80, 1),
        ("x" * 900, 1),
        (".".join(f"(a{n}b|c{n}d)" for n in range(9)), 8),
        (".".join("(" + "|".join(f"a{m}{n}" for n in range(40)) + ")" for m in range(5)), 40),
    ],
    ids=["some", "too-many", "all", "nested", "nested-both", "long", "and-or", "much-and-or"],
)
def test_required_when_an_expression_names_much_then_the_index_is_asked_for_little(text, count):
    required = compile_expression(text[:1000]).required
    found = literals(required)
    assert len(found) == count <= LITERALS_MAX
    assert depth(required) <= 3
    assert all(len(each) <= 64 for each in found)


def test_unrolled_when_repeats_are_written_out_then_as_many_places_as_characters():
    whole = Parser("a{2,3}(b|c)*d{0}e?").parse().unrolled
    assert whole is not None
    assert len(whole.symbols) == 5
    assert whole.first == 0b1
    assert bin(whole.last) == "0b11110"
    assert [bin(each) for each in whole.follows] == [
        "0b10", "0b11100", "0b11000", "0b11000", "0b0"
    ]  # fmt: skip
