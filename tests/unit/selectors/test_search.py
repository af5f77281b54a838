import pytest

from artifacts.exceptions import InvalidExpression, NothingFound, TooManyQueries
from artifacts.models import SearchDocument
from artifacts.selectors import search
from artifacts.selectors.search import find_by_expression
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def documents():
    make_artifact("google-research-bert", "code", number=1, readme="Pre-training of transformers.")
    make_artifact("audience", "model", number=2, readme='Says "hello" 100% of the_time.')
    make_artifact("squad", "dataset", number=3, readme="Überraschung! bert was here\nLine two.")
    make_artifact("hidden-bert", "model", number=4, visible=False)


def names(text: str) -> list[str]:
    return [artifact.name for artifact in find_by_expression(text)]


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


def test_find_when_too_many_fit_then_refused(monkeypatch):
    monkeypatch.setattr(search, "REGEX_RESULTS_MAX", 2)
    with pytest.raises(TooManyQueries, match="Over 2"):
        names(".*")


def test_find_when_asked_then_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        names("bert")
