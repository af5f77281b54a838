"""Rating at registration, again, and after the parents."""

import pytest

from artifacts.enums import ArtifactType, AuditAction, GateVerdict
from artifacts.exceptions import RatingIncomplete, SourceAbsent, SourceUnavailable
from artifacts.models import AuditEntry, LineageEdge, Rating, Task
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.trust.following import follow_parent
from artifacts.services.trust.rating import complete_rating, refresh_rating
from tests.unit.services.conftest import code_facts
from tests.unit.services.trust.conftest import CARD, current, richest

pytestmark = pytest.mark.django_db


def test_register_when_a_model_then_it_is_rated_with_an_audit_entry(register, outside):
    outside.code = code_facts()
    rating = current(register(readme=CARD))
    assert rating.summary["bus_factor"] == 0.5
    assert rating.results["license"]["score"] == 1.0
    assert rating.evidence["code"]["repository"] == "acme/tea"
    assert (rating.gate, rating.is_incomplete) == (GateVerdict.FAILED, False)
    assert rating.gate_reasons
    entry = AuditEntry.objects.get(action=AuditAction.RATE)
    assert (entry.user_name, entry.note[:9]) == ("ursula", "net score")


@pytest.mark.parametrize("kind", ["dataset", "code"])
def test_register_when_no_model_then_not_rated(register, kind):
    assert current(register(kind=kind)) is None
    assert not Rating.objects.exists()


def test_register_when_github_is_silent_then_registered_and_rated_again_later(register):
    artifact = register(readme=CARD)
    rating = current(artifact)
    assert rating.is_incomplete
    assert rating.results["code_quality"]["score"] is None
    assert "GitHub sleeps" in rating.results["code_quality"]["reason"]
    assert Task.objects.get(name="rate_model").artifact_id == artifact.id


def test_complete_when_the_source_still_sleeps_then_it_says_so_and_writes_nothing(register):
    artifact = register(readme=CARD)
    with pytest.raises(RatingIncomplete, match="code_quality"):
        complete_rating(artifact_id=artifact.id)
    assert Rating.objects.count() == 1


def test_complete_when_the_source_is_back_then_a_new_rating(register, outside):
    artifact = register(readme=CARD)
    outside.code = code_facts()
    complete_rating(artifact_id=artifact.id)
    assert not current(artifact).is_incomplete
    assert Rating.objects.count() == 2
    asked = len(outside.asked)
    complete_rating(artifact_id=artifact.id)
    complete_rating(artifact_id="model-9-9")
    assert len(outside.asked) == asked


def test_refresh_when_asked_then_a_new_rating_and_the_old_one_is_kept(register, outside, uploader):
    artifact = register()
    outside.commits = CommitFacts({"ada": 5, "bob": 4, "cy": 3})
    refresh_rating(artifact_id=artifact.id, user=uploader)
    assert [each.summary["bus_factor"] for each in Rating.objects.order_by("id")] == [0.5, 0.6]
    assert current(artifact).summary["bus_factor"] == 0.6


def test_refresh_when_a_source_sleeps_then_the_complete_rating_stays(register, outside, uploader):
    artifact = register()
    before = current(artifact)
    outside.commits = SourceUnavailable("The Hub sleeps.")
    assert refresh_rating(artifact_id=artifact.id, user=uploader).is_incomplete
    assert current(artifact) == before


def test_tree_score_when_a_parent_arrives_changes_and_leaves_then_it_follows(
    register, outside, uploader, django_capture_on_commit_callbacks, settings
):
    settings.REGISTRY_TASKS = "immediate"
    child = register(card={"base_model": "acme/mother"})
    assert current(child).tree_score == current(child).net_score
    with django_capture_on_commit_callbacks(execute=True):
        mother = register("https://huggingface.co/acme/mother", license="")
    own = current(child).net_score
    assert current(child).tree_score == current(mother).net_score != own
    assert current(child).summary["tree_score"] == current(mother).net_score
    assert current(child).net_score == own
    outside.commits = CommitFacts({"ada": 1})
    with django_capture_on_commit_callbacks(execute=True):
        refresh_rating(artifact_id=mother.id, user=uploader)
    assert current(child).tree_score == current(mother).net_score
    with django_capture_on_commit_callbacks(execute=True):
        delete_artifact(artifact_type=ArtifactType.MODEL, artifact_id=mother.id, user=uploader)
    assert current(child).tree_score == own
    assert LineageEdge.objects.get().parent is None


def test_follow_parent_when_nobody_is_its_child_then_nothing(register):
    artifact = register()
    follow_parent(parent_key=artifact.source_key)
    assert current(artifact).tree_score == current(artifact).net_score


def test_register_when_the_base_model_links_its_code_then_that(register, outside):
    outside.card = CARD
    outside.code = lambda *_a, found_by, **_n: code_facts(found_by=found_by)
    rating = current(register(card={"base_model": "acme/mother"}))
    assert rating.evidence["code"]["found_by"] == "base_model"


def test_register_when_only_a_library_is_known_then_its_code_is_marked(register, outside):
    outside.code = lambda *_a, found_by, **_n: code_facts(found_by=found_by)
    rating = current(register(config={"transformers_version": "4"}))
    assert rating.evidence["code"]["found_by"] == "library"
    assert rating.summary["reviewedness"] == -1


def test_register_when_the_named_code_does_not_exist_then_the_librarys_and_it_says_so(
    register, outside
):
    def code(repository, *, found_by, **_n):
        if repository == "acme/tea":
            raise SourceAbsent("GitHub says that acme/tea does not exist.")
        return code_facts(found_by=found_by)

    outside.code = code
    kept = current(register(readme=CARD, config={"transformers_version": "4"})).evidence["code"]
    assert (kept["found_by"], kept["instead_of"]) == ("library", "acme/tea")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"config": {"transformers_version": "4"}}, "that of the library that loads it"),
        ({"card": {"base_model": "acme/mother"}}, "that of its base"),
        ({"readme": CARD}, "GitHub says that it does not exist"),
    ],
    ids=["library", "base", "own"],
)
def test_register_when_a_repository_does_not_exist_then_it_says_whose_it_would_be(
    register, outside, changes, words
):
    outside.card = CARD
    outside.code = SourceAbsent("GitHub says that it does not exist.")
    assert words in current(register(**changes)).results["code_quality"]["reason"]


def test_register_when_the_model_has_its_own_code_then_its_history_is_looked_at_too(
    register, outside
):
    outside.code = lambda *_a, found_by, **_n: code_facts(found_by=found_by)
    outside.commits = lambda *_: CommitFacts({"ursula": 2})
    rating = current(register(readme=CARD))
    assert rating.evidence["commits"]["commits_by_author"] == {"ursula": 2}


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        pytest.param({"card": {"datasets": ["tea", "b/c"]}}, 1, id="an old name costs two"),
        pytest.param({"card": {"datasets": ["b/c", "tea"]}}, 1, id="the one that is paid for"),
        pytest.param({"card": {"datasets": ["tea"], "base_model": "acme/m"}}, 0, id="a base, too"),
        pytest.param({"readme": "It was trained on COCO."}, 0, id="a name in a sentence"),
    ],
)
def test_register_when_requests_are_few_then_no_more_data_sets_are_asked_for(
    register, outside, changes, asked
):
    outside.card = "No code."
    outside.dataset = lambda mention, _deadline: richest()
    register(**changes)
    assert outside.asked.count("dataset") == asked


@pytest.mark.parametrize(("answers", "asked"), [(5, 2), (6, 1), (7, 0), (20, 0)])
def test_register_when_the_snapshot_cost_more_then_fewer_data_sets_are_asked_for(
    register, outside, source, answers, asked
):
    source.answers = answers
    outside.dataset = lambda mention, _deadline: richest()
    register(card={"datasets": ["a/b", "b/c", "d/e"]})
    assert outside.asked.count("dataset") == asked


@pytest.mark.parametrize(
    ("answers", "asked"),
    [(5, ["code", "commits", "dataset"]), (6, ["code", "dataset"]), (7, ["code", "commits"])],
    ids=["enough for both", "enough for one", "enough for the history"],
)
def test_register_when_its_own_code_is_known_then_the_data_set_goes_before_the_history(
    register, outside, source, answers, asked
):
    source.answers = answers
    outside.code = lambda *_a, found_by, **_n: code_facts(found_by=found_by)
    outside.dataset = lambda mention, _deadline: richest()
    register(readme=CARD, card={"datasets": ["tea"]})
    assert sorted(outside.asked) == asked


def test_register_when_data_sets_are_named_then_two_are_asked_for(register, outside):
    outside.dataset = lambda mention, _deadline: richest()
    rating = current(register(card={"datasets": ["acme/kitchens", "b/c", "d/e"]}))
    assert outside.asked.count("dataset") == 2
    assert rating.summary["dataset_quality"] > 0.9
    assert len(rating.evidence["datasets"]) == 3


def test_register_when_data_sets_do_not_answer_then_unknown(register):
    rating = current(register(card={"datasets": ["acme/kitchens"]}))
    assert rating.results["dataset_quality"]["try_later"]
    assert "The Hub sleeps" in rating.results["dataset_quality"]["reason"]
