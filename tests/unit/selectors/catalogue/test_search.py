import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.exceptions import InvalidExpression, NothingFound, SearchTooCostly, TooManyQueries
from artifacts.models import SearchDocument
from artifacts.rules.search.formula import AllOf, AnyOf, Literal
from artifacts.selectors.catalogue import candidates, search
from artifacts.selectors.catalogue.search import find_by_expression
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def documents():
    make_artifact("google-research-bert", "code", number=1, readme="Pre-training of transformers.")
    make_artifact("audience", "model", number=2, readme='Says "hello" 100% of the_time.')
    make_artifact("squad", "dataset", number=3, readme="Überraschung! bert was here\nLine two.")
    make_artifact("hidden-bert", "model", number=4, visible=False)


def names(text: str) -> list[str]:
    return [artifact.name for artifact in find_by_expression(text).artifacts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("google-research-bert", ["google-research-bert"]),
        ("bert", ["google-research-bert", "squad"]),
        ("^bert", []),
        ("(?i)PRE-TRAINING", ["google-research-bert"]),
        ('"hello"', ["audience"]),
        ("100%", ["audience"]),
        ("100_", []),
        ("the_time", ["audience"]),
        ("theXtime", []),
        ("Überraschung", ["squad"]),
        ("(?i)überraschung", ["squad"]),
        ("here.Line", []),
        ("(?s)here.Line", ["squad"]),
        ("(?m)^Line", ["squad"]),
        ("trans(?:formers|lation)|hello", ["google-research-bert", "audience"]),
        ("research.*bert", ["google-research-bert"]),
        (".*", ["google-research-bert", "audience", "squad"]),
        ("sq", ["squad"]),
        (r"\\", []),
    ],
)
def test_find_when_searched_then_names_and_readmes_decide(text, expected):
    if expected:
        assert names(text) == expected
    else:
        with pytest.raises(NothingFound):
            names(text)


def test_find_when_a_document_changes_then_found_by_its_new_text_only():
    SearchDocument.objects.filter(name="squad").update(readme="Something else entirely.")
    assert names("entirely") == ["squad"]
    with pytest.raises(NothingFound):
        names("Überraschung")


def test_find_when_an_artifact_is_deleted_then_not_found():
    SearchDocument.objects.get(name="squad").artifact.delete()
    assert names("bert") == ["google-research-bert"]


def test_find_when_the_expression_is_refused_then_says_so():
    with pytest.raises(InvalidExpression):
        names("(a+)+")


def test_find_when_too_many_fit_then_refused(set_limits):
    set_limits(REGEX_RESULTS_MAX=2)
    with pytest.raises(TooManyQueries, match="Over 2"):
        names(".*")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("^Zebra_100% f", ["striped"]), ("^Zebra.100", ["striped"]), ("^striped", ["striped"]),
        ("^Zebra-100% f", []), ("^ebra_100", []), ("^zebra_100", []), ("^giraffe", []),
        ("(?m)^giraffe", ["striped"]),
    ],
)  # fmt: skip
def test_find_when_the_beginning_is_told_then_what_begins_so(expression, found):
    make_artifact("striped", number=9, readme="Zebra_100% first\ngiraffe")
    if found:
        assert names(expression) == found
    else:
        with pytest.raises(NothingFound):
            names(expression)


def count_queries(text: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        names(text)
    return len(queries)


@pytest.mark.parametrize("text", ["bert", ".*"])
def test_find_when_there_are_more_documents_then_not_more_queries(text):
    before = count_queries(text)
    for number in range(10, 30):
        make_artifact(f"bert-{number}", "model", number=number, readme="More of it.")
    assert count_queries(text) == before <= 9


def test_find_when_documents_are_many_and_large_then_read_in_chunks(monkeypatch):
    monkeypatch.setattr(candidates, "_STEP_ROWS", 2)
    monkeypatch.setattr(candidates, "_CHUNK_BYTES", 100)
    for number in range(10, 17):
        make_artifact(f"large-{number}", "model", number=number, readme="bert ü" * 10)
    assert len(names("large-|bert")) == 9
    assert len(names("large.*|b.?e?rt")) == 9


def test_find_when_the_index_names_too_many_then_all_are_walked(set_limits):
    set_limits(REGEX_CANDIDATES_MAX=1)
    assert candidates._find_sized(Literal("bert")) is None
    assert names("bert") == ["google-research-bert", "squad"]


def test_find_when_what_is_required_stands_in_name_and_readme_then_each_is_judged_alone():
    assert candidates._find_sized(AllOf((Literal("research"), Literal("transformers")))) == []
    assert len(candidates._find_sized(AllOf((Literal("research"), Literal("bert"))))) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no time limit")
def test_find_when_the_index_takes_too_long_then_all_are_walked(monkeypatch, set_limits):
    monkeypatch.setattr(
        candidates, "_DOCUMENTS", "(SELECT *, pg_sleep(1) FROM artifacts_searchdocument) AS x"
    )
    set_limits(REGEX_INDEX_TIMEOUT_MS=20)
    assert candidates._find_sized(Literal("bert")) is None
    assert names("bert") == ["google-research-bert", "squad"]


@pytest.mark.parametrize(
    ("formula", "condition", "texts"),
    [
        (Literal("a_b%cde\\"), "{0} LIKE %s", ["%a\\_b\\%cde\\\\%"]),
        (Literal("Model", is_folded=True), "{0} ILIKE %s", ["%Model%"]),
        (Literal("is a-b c"), None, None),
        (Literal("λόγος και"), "{0} LIKE %s", ["%λόγο%"]),
        (AllOf((Literal("- -"), Literal("abc"))), "({0} LIKE %s)", ["%abc%"]),
        (AnyOf((Literal("- -"), Literal("abc"))), None, None),
    ],
    ids=["wildcards", "both-cases", "no-trigram", "letters-by-context", "and", "or"],
)
def test_like_when_pg_trgm_is_asked_then_for_what_its_index_has(formula, condition, texts):
    assert candidates._like(formula) == (None if condition is None else (condition, texts))


class Slow:
    """An expression that takes its time."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def matches(self, text: str) -> bool:
        ends_at = time.thread_time() + self.seconds
        while time.thread_time() < ends_at:
            pass
        return False


@pytest.mark.parametrize(
    ("limit", "value", "named"),
    [
        ("MATCHING_CPU_MAX_S", 0.01, "0.01 s of CPU time, and 50 ms"),
        ("SEARCH_CPU_MAX_S", 0.0, "0 s of CPU time"),
        ("SEARCH_MAX_S", -1.0, "-1 s"),
    ],
)
def test_find_when_a_search_costs_too_much_then_it_ends_and_names_its_budget(
    set_limits, limit, value, named
):
    set_limits(**{limit: value})
    slow: Any = SimpleNamespace(required=None, matches=Slow(0.02).matches)
    with pytest.raises(SearchTooCostly, match=f"more than {named}"):
        list(search._matching(slow))
