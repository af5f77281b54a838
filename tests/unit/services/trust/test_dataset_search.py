"""Which data sets are asked about with how many requests, and what is said of the others."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import RatingIncomplete, SourceUnavailable
from artifacts.models import Artifact, Task
from artifacts.rules.rating.data_documentation import Documentation
from artifacts.rules.rating.dataset_mentions import DatasetMention
from artifacts.rules.rating.evidence import DatasetFacts, Missing
from artifacts.rules.reading import Reading, ReadState
from artifacts.services.trust.dataset_search import list_datasets, plan_questions
from artifacts.services.trust.rating import complete_rating, refresh_rating, wait_for_rating
from artifacts.sources.huggingface.datasets import named_dataset
from artifacts.sources.inquiry import Inquiry
from tests.factories.evidence import make_dataset
from tests.unit.services.conftest import code_facts

NOT_ASKED = Reading(ReadState.NOT_ASKED, "README.md", "It was not asked for yet.")
NAMES = ["a/one", "b/two", "c/three", "d/four"]


def mention(name: str, purpose="training", url="https://x") -> DatasetMention:
    return DatasetMention(name, url, "card", purpose)


@pytest.fixture
def hub(outside):
    """A Hub that has only `d/four`, with a card."""

    def dataset(asked: DatasetMention, _inquiry) -> DatasetFacts:
        if asked.repository != "d/four":
            return named_dataset(asked, Reading(ReadState.ABSENT))
        return make_dataset("d/four", license="mit", splits=("train",), text_reading=NOT_ASKED)

    def card(found: DatasetFacts, _inquiry) -> DatasetFacts:
        words = Documentation(100, {"making": 25})
        return replace(found, documentation=words, text_reading=Reading(ReadState.READ))

    outside.code = lambda *_a, found_by, **_n: code_facts(found_by=found_by)
    outside.dataset, outside.dataset_card = dataset, card
    return outside


def current(artifact: Artifact):
    return Artifact.objects.get(pk=artifact.pk).current_revision.current_rating


def results(artifact: Artifact) -> dict:
    found = current(artifact).results
    return {
        name: (found[name]["score"], found[name]["reason"])
        for name in ("dataset_quality", "dataset_and_code_score")
    }


@pytest.mark.parametrize(
    ("names", "requests", "expected"),
    [
        (["a/b"], 0, []),
        (["a/b"], 1, [("a/b", False, False)]),
        (["a/b"], 3, [("a/b", True, True)]),
        (["a/b", "c/d"], 3, [("a/b", True, False), ("c/d", False, False)]),
        (["tea", "a/b"], 2, [("tea", False, False)]),
        (["tea", "a/b"], 1, [("a/b", False, False)]),
    ],
    ids=["none", "existence", "all", "existence first", "an old name", "what it is enough for"],
)
def test_plan_when_requests_are_few_then_existence_first_then_cards(names, requests, expected):
    planned = plan_questions([mention(each) for each in names], requests)
    found = [(q.mention.repository, q.is_card_wanted, q.is_croissant_wanted) for q in planned]
    assert found == expected


@given(st.lists(st.sampled_from(["a/b", "c/d", "tea"]), max_size=9), st.integers(0, 30))
def test_plan_when_made_then_it_never_costs_more_than_there_is(names, requests):
    planned = plan_questions([mention(each) for each in names], requests)
    cost = sum(
        (1 if "/" in each.mention.repository else 2)
        + each.is_card_wanted
        + each.is_croissant_wanted
        for each in planned
    )
    assert cost <= requests


@pytest.mark.parametrize(("is_patient", "state"), [(False, "not_asked"), (True, "not_opened")])
def test_list_when_nobody_was_asked_then_final_only_if_nobody_will_ask_with_more(is_patient, state):
    inquiry = Inquiry(1, is_patient=is_patient)
    mentions = [mention("a/b"), mention("c/d", "evaluation"), mention("Tea", url="")]
    found = list_datasets(mentions, {}, inquiry)
    assert isinstance(found, tuple)
    assert [each.reading.state for each in found] == [state, "not_opened", "not_opened"]


def test_list_when_the_hub_is_silent_about_one_then_that_one_is_to_be_asked():
    known, silent = mention("a/b"), mention("c/d")
    asked: dict[DatasetMention, DatasetFacts | Missing]
    asked = {known: make_dataset("a/b"), silent: Missing("The Hub sleeps.", try_later=True)}
    found = list_datasets([known, silent], asked, Inquiry(1, is_patient=True))
    assert isinstance(found, tuple)
    assert [each.is_found for each in found] == [True, False]
    assert [each.is_to_be_asked for each in found] == [False, True]


@pytest.mark.django_db
class TestFollowUp:
    """What a registration could not ask for is asked for by the task."""

    def test_register_when_data_sets_are_left_over_then_that_is_said_and_a_task_asks(
        self, register, hub
    ):
        artifact = register(card={"datasets": NAMES})
        assert hub.asked.count("dataset") == 2
        assert current(artifact).is_incomplete
        found = results(artifact)
        assert "c/three, d/four were not asked for yet" in found["dataset_quality"][1]
        assert "None of the data sets" not in found["dataset_quality"][1]
        assert Task.objects.get(name="rate_model").artifact_id == artifact.id
        complete_rating(artifact_id=artifact.id)
        assert not current(artifact).is_incomplete
        found = results(artifact)
        assert found["dataset_quality"][0] > 0.3
        assert "d/four" in found["dataset_and_code_score"][1]

    @pytest.mark.parametrize("names", [NAMES, NAMES[::-1], [*NAMES[2:], *NAMES[:2]]])
    def test_complete_when_front_matter_is_in_another_order_then_the_same(
        self, register, hub, names
    ):
        first = register(card={"datasets": names, "language": "en"})
        complete_rating(artifact_id=first.id)
        score, reason = results(first)["dataset_quality"]
        assert score == 0.4487
        assert reason.startswith("d/four: splits, license as it should be")
        reason = results(first)["dataset_and_code_score"][1]
        assert "training data (d/four; 3 more are named)" in reason

    def test_complete_when_a_card_does_not_come_then_it_is_asked_for_again(self, register, hub):
        artifact = register(card={"datasets": NAMES})
        hub.dataset_card = SourceUnavailable("The Hub sleeps.")
        with pytest.raises(RatingIncomplete, match="dataset_quality"):
            complete_rating(artifact_id=artifact.id)

    def test_refresh_when_requested_then_it_asks_for_all_at_once(self, register, hub, uploader):
        artifact = register(card={"datasets": NAMES})
        assert not refresh_rating(artifact_id=artifact.id, user=uploader).is_incomplete

    def test_register_when_one_data_set_is_named_then_all_about_it_is_known(self, register, hub):
        assert not current(register(card={"datasets": ["d/four"]})).is_incomplete


@pytest.mark.django_db
class TestWaiting:
    """Readers of a fresh rating wait for the task, and for nothing else."""

    def test_wait_when_the_task_ends_then_true(self, register, hub, monkeypatch):
        artifact = register(card={"datasets": NAMES})

        def complete(_seconds):
            complete_rating(artifact_id=artifact.id)

        monkeypatch.setattr("time.sleep", complete)
        assert wait_for_rating(artifact.id)
        assert not wait_for_rating(artifact.id)

    def test_wait_when_nobody_works_then_it_ends(self, register, hub, set_limits):
        set_limits(RATING_WAIT_S=0.05, RATING_POLL_S=0.01)
        assert not wait_for_rating(register(card={"datasets": NAMES}).id)

    def test_wait_when_the_rating_is_old_then_not_at_all(self, register, hub, pauses, set_limits):
        artifact = register(card={"datasets": NAMES})
        set_limits(RATING_FRESH_S=0.0)
        assert not wait_for_rating(artifact.id)
        assert pauses == []
