"""Rating again after an upgrade: a few at a time, once each, and never worse than before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from artifacts.exceptions import SourceUnavailable
from artifacts.limits import (
    RERATED_AT_ONCE_MAX,
    RERATING_HUB_REQUESTS_MAX,
    RERATING_PAUSE_S,
    RERATING_REST_S,
)
from artifacts.models import Artifact, Rating, Task
from artifacts.rules.rating.judgement import RULES_VERSION
from artifacts.services.trust import rerating
from artifacts.services.trust.rerating import begin_rerating, renew_rating, rerate_models
from artifacts.services.upkeep.housekeeping import keep_house
from artifacts.sources.huggingface.client import hub
from artifacts.tasks.runner import run_one
from artifacts.work import clock
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_by_a_worker(settings, outside):
    settings.REGISTRY_TASKS = "worker"


def outdated(count: int, rules_version: int = RULES_VERSION - 1, **changes) -> list[Artifact]:
    """Models that were rated by older rules."""
    made = []
    for number in range(1, count + 1):
        artifact = make_artifact(f"robot-{number}", number=number)
        make_rating(artifact, rules_version=rules_version, **changes)
        made.append(artifact)
    return made


def versions() -> list[int]:
    """The rules of all current ratings, by artifact."""
    models = Artifact.objects.order_by("id")
    return list(models.values_list("current_revision__current_rating__rules_version", flat=True))


def waiting() -> list[Task]:
    return list(Task.objects.filter(name="rerate_models", state="ready"))


def run_pass() -> int:
    """Run a whole pass without its pauses, and return how many tasks it took."""
    taken = 0
    while waiting():
        Task.objects.filter(name="rerate_models").update(due_at=timezone.now())
        assert run_one("worker", waiting()[0].id)
        taken += 1
    return taken


def test_keep_house_when_rules_are_new_then_all_are_rated_again_and_the_old_ratings_kept():
    count = 2 * RERATED_AT_ONCE_MAX + 1
    outdated(count)
    keep_house()
    assert run_pass() == 3
    assert versions() == [RULES_VERSION] * count
    assert Rating.objects.filter(rules_version=RULES_VERSION - 1).count() == count


def test_rerate_when_more_are_left_then_the_next_ones_wait():
    artifacts = outdated(RERATED_AT_ONCE_MAX + 1)
    rerate_models(after_id="")
    assert versions().count(RULES_VERSION) == RERATED_AT_ONCE_MAX
    (task,) = waiting()
    assert task.arguments == {"after_id": artifacts[RERATED_AT_ONCE_MAX - 1].id}
    assert task.due_at - timezone.now() > timedelta(seconds=RERATING_PAUSE_S - 5)


def test_rerate_when_much_was_asked_of_the_hub_then_the_pause_is_longer(monkeypatch):
    outdated(RERATED_AT_ONCE_MAX)
    requests = 3 * RERATING_HUB_REQUESTS_MAX

    def ask_much(artifact_id, inquiry):
        for _ in range(requests // RERATED_AT_ONCE_MAX):
            inquiry.note_answer(hub().base_url)
        return renew_rating(artifact_id, inquiry)

    monkeypatch.setattr(rerating, "renew_rating", ask_much)
    rerate_models(after_id="")
    (task,) = waiting()
    assert task.due_at - timezone.now() > timedelta(seconds=3 * RERATING_PAUSE_S - 5)


def test_rerate_when_delivered_twice_then_each_is_rated_once_and_one_task_follows():
    outdated(3 * RERATED_AT_ONCE_MAX)
    rerate_models(after_id="")
    rerate_models(after_id="")
    assert Rating.objects.filter(rules_version=RULES_VERSION).count() == 2 * RERATED_AT_ONCE_MAX
    assert len(waiting()) == 1


@pytest.mark.parametrize("known", [0, 1], ids=["no model", "by these rules"])
def test_begin_when_nothing_is_outdated_then_no_task(known):
    outdated(known, RULES_VERSION)
    make_artifact("tea", kind="dataset", number=9)
    begin_rerating()
    assert not waiting()


def test_begin_when_a_pass_is_under_way_then_no_second_one():
    outdated(1)
    begin_rerating()
    begin_rerating()
    assert len(waiting()) == 1


def test_rerate_when_a_source_is_silent_then_the_complete_rating_stays_and_the_pass_rests(outside):
    outside.commits = SourceUnavailable("The Hub sleeps.")
    outdated(RERATED_AT_ONCE_MAX)
    rerate_models(after_id="")
    assert versions() == [RULES_VERSION - 1] * RERATED_AT_ONCE_MAX
    assert not Rating.objects.filter(rules_version=RULES_VERSION).exists()
    (task,) = waiting()
    assert task.due_at - timezone.now() > timedelta(seconds=RERATING_REST_S - 5)
    outside.commits = type(outside)().commits
    Task.objects.all().delete()
    begin_rerating()
    assert run_pass() > 0
    assert versions() == [RULES_VERSION] * RERATED_AT_ONCE_MAX


def test_rerate_when_the_old_rating_is_incomplete_too_then_the_new_one_takes_its_place(outside):
    outside.commits = SourceUnavailable("The Hub sleeps.")
    outdated(1, is_incomplete=True)
    rerate_models(after_id="")
    assert versions() == [RULES_VERSION]


def test_rerate_when_one_model_breaks_the_rating_then_the_others_follow(monkeypatch, caplog):
    first, *_ = outdated(3)

    def fail(artifact_id, inquiry):
        if artifact_id == first.id:
            raise KeyError("odd")
        return renew_rating(artifact_id, inquiry)

    monkeypatch.setattr(rerating, "renew_rating", fail)
    rerate_models(after_id="")
    assert versions() == [RULES_VERSION - 1, RULES_VERSION, RULES_VERSION]
    assert "rating.failed" in caplog.text


def test_rerate_when_the_database_is_lost_then_the_task_is_told(monkeypatch):
    outdated(1)

    def fail(_artifact_id, _inquiry):
        raise DatabaseError("gone")

    monkeypatch.setattr(rerating, "renew_rating", fail)
    with pytest.raises(DatabaseError):
        rerate_models(after_id="")


def test_rerate_when_its_invocation_ends_then_it_stops_and_goes_on_later():
    outdated(2)
    left_s = iter([100.0, 1.0])
    deadline = type("Deadline", (), {"left_s": property(lambda _self: next(left_s))})()
    with clock.attempting(deadline) as attempt, pytest.raises(clock.OutOfTime):
        rerate_models(after_id="")
    assert attempt.has_progressed
    assert versions() == [RULES_VERSION, RULES_VERSION - 1]
    rerate_models(after_id="")
    assert versions() == [RULES_VERSION, RULES_VERSION]
