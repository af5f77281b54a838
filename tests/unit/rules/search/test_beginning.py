import pytest

from artifacts.exceptions import InvalidExpression
from artifacts.rules.search.beginning import find_beginning
from artifacts.rules.search.expressions import compile_expression
from artifacts.rules.search.formula import LITERAL_MAX_CHARS, AllOf, Literal


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("^bert", "bert"),
        ("^bert-base.*7$", "bert-base"),
        ("^bert[0-9]", "bert"),
        ("^berts?", "bert"),
        ("^berts*", "bert"),
        ("^berts{0,2}", "bert"),
        ("^bert+", "ber"),
        ("^ber\\w", "ber"),
        ("^BERT (?i)base", "BERT "),
        ("^" + "x" * 100, "x" * LITERAL_MAX_CHARS),
    ],
)
def test_beginning_when_an_expression_is_anchored_then_its_text(expression, text):
    assert find_beginning(expression) == Literal(text, is_first=True)


@pytest.mark.parametrize(
    "expression",
    ["bert", "^be", "^bert|base", "(^bert)", "(?m)^bert", "(?i)^bert", "^(bert)", "^.bert", "^ber?",
     "x^bert", "", "^", "\\^bert"],
)  # fmt: skip
def test_beginning_when_something_else_may_begin_the_text_then_none(expression):
    assert find_beginning(expression) is None


@pytest.mark.parametrize(
    "text", ["bert-base", "a bert-base", "x\nbert-base", "Bert-base", "", "bert-large"]
)
def test_beginning_when_a_text_matches_then_it_begins_so(text):
    expression = "^bert-[bl]"
    if compile_expression(expression).matches(text):
        assert text.startswith(find_beginning(expression).text)


def test_required_when_anchored_then_beginning_and_what_else_is_told():
    required = compile_expression("^bert.*whisper").required
    assert isinstance(required, AllOf)
    assert set(required.parts) >= {Literal("bert", is_first=True), Literal("whisper")}


def test_beginning_when_the_expression_is_none_then_refused_as_before():
    with pytest.raises(InvalidExpression):
        compile_expression("^bert(")
