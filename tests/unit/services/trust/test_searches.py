"""Counting who searches for what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from artifacts.limits import SEARCHES_FLUSH_S, SEARCHES_KEPT_DAYS
from artifacts.models import Artifact, ArtifactSearch, User
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.trust import searches
from artifacts.services.trust.searches import (
    forget_old_searches,
    note_search,
    write_if_due,
    write_searches,
)
from artifacts.services.upkeep import activity
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.reset import reset_registry
from tests.clients import PASSWORD
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def make_user(name: str) -> User:
    return User.objects.create_user(name, PASSWORD, can_search=True)


@pytest.fixture
def ursula(db) -> User:
    return make_user("ursula")


@pytest.fixture
def robot(db) -> Artifact:
    return make_artifact("robot", number=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch) -> None:
    """No day ends within a test, unless it says so."""
    set_now(monkeypatch, NOON)


def set_now(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def counted() -> list[tuple[str, str, int]]:
    rows = ArtifactSearch.objects.order_by("day", "user__username", "artifact_id")
    return [(row.user.username, row.artifact.name, row.day.day) for row in rows]


def test_search_when_noted_then_nothing_is_asked_of_the_database(
    ursula, robot, django_assert_num_queries
):
    with django_assert_num_queries(0):
        note_search(ursula, [robot.id])
        write_if_due()
    assert counted() == []


def test_search_when_the_time_has_come_then_written(ursula, robot, monkeypatch):
    note_search(ursula, [robot.id])
    monkeypatch.setattr(searches, "_written_at_s", searches._written_at_s - SEARCHES_FLUSH_S)
    write_if_due()
    assert counted() == [("ursula", "robot", 30)]


def test_search_when_counts_of_requests_are_due_then_it_is_written_after_them(
    ursula, robot, monkeypatch
):
    note_search(ursula, [robot.id])
    monkeypatch.setattr(searches, "_written_at_s", searches._written_at_s - SEARCHES_FLUSH_S)
    activity.count("GET /a", 200, "")
    assert counted() == []
    monkeypatch.setattr(activity, "_flushed_at", 0.0)
    activity.count("GET /a", 200, "")
    assert counted() == [("ursula", "robot", 30)]


def test_search_when_repeated_then_each_user_counts_once_a_day(ursula, robot, monkeypatch):
    sam = make_user("sam")
    for moment in (NOON, NOON, NOON + timedelta(days=1)):
        set_now(monkeypatch, moment)
        for user in (ursula, sam, ursula):
            note_search(user, [robot.id])
        write_searches()
    assert counted() == [
        ("sam", "robot", 30), ("ursula", "robot", 30), ("sam", "robot", 1), ("ursula", "robot", 1),
    ]  # fmt: skip


def test_search_when_written_by_this_process_then_costs_nothing_until_tomorrow(
    ursula, robot, monkeypatch, django_assert_num_queries
):
    note_search(ursula, [robot.id])
    write_searches()
    note_search(ursula, [robot.id])
    with django_assert_num_queries(0):
        write_searches()
    set_now(monkeypatch, NOON + timedelta(days=1))
    note_search(ursula, [robot.id])
    write_searches()
    assert len(counted()) == 2


def test_search_when_another_process_has_written_it_then_it_stays_one(ursula, robot):
    ArtifactSearch.objects.create(user=ursula, artifact=robot, day=NOON.date())
    note_search(ursula, [robot.id])
    write_searches()
    assert counted() == [("ursula", "robot", 30)]


def test_search_when_one_user_asks_for_much_then_the_share_of_a_day_is_all(ursula, set_limits):
    set_limits(SEARCHES_OF_USER_MAX=2)
    found = [make_artifact(f"robot-{at}", number=at).id for at in range(1, 5)]
    for each in found:
        note_search(ursula, [each])
        write_searches()
    note_search(make_user("sam"), found[3:])
    write_searches()
    assert [name for name, _, _ in counted()] == ["sam", "ursula", "ursula"]


def test_search_when_too_many_wait_then_the_others_are_lost(ursula, set_limits):
    set_limits(SEARCHES_WAITING_MAX=1)
    found = [make_artifact(f"robot-{at}", number=at).id for at in (1, 2)]
    note_search(ursula, found)
    write_searches()
    assert len(counted()) == 1


def test_search_when_one_user_asks_for_very_much_then_others_still_count(ursula, set_limits):
    set_limits(SEARCHES_WAITING_MAX=3, SEARCHES_OF_USER_MAX=2)
    found = [make_artifact(f"robot-{at}", number=at).id for at in range(1, 5)]
    note_search(ursula, found)
    note_search(make_user("sam"), found[3:])
    write_searches()
    assert [name for name, *_ in counted()] == ["sam", "ursula", "ursula"]


def test_search_when_artifact_or_user_is_gone_by_then_the_others_are_written(ursula, robot):
    sam, other = make_user("sam"), make_artifact("other", number=2)
    note_search(ursula, [robot.id, other.id])
    note_search(sam, [robot.id])
    sam.delete()
    Artifact.objects.filter(pk=other.pk).delete()
    write_searches()
    assert counted() == [("ursula", "robot", 30)]


def test_search_when_the_database_fails_then_only_the_log_says_so(ursula, robot, caplog):
    def fail(*_args):
        raise OperationalError("gone")

    note_search(ursula, [robot.id])
    with connection.execute_wrapper(fail):
        write_searches()
    assert [record.message for record in caplog.records] == ["searches.lost"]
    assert caplog.records[0].searches == 1


def test_search_when_nothing_may_be_changed_then_it_is_not_counted(ursula, robot, settings, caplog):
    settings.REGISTRY_MODE = "read_only"
    note_search(ursula, [robot.id])
    write_searches()
    assert (counted(), caplog.records) == ([], [])


def test_search_when_artifact_or_user_is_deleted_then_it_is_forgotten(ursula, robot, administrator):
    other = make_artifact("other", number=2)
    for user in (ursula, administrator):
        note_search(user, [robot.id, other.id])
    write_searches()
    delete_artifact(artifact_type=robot.type, artifact_id=robot.id, user=administrator)
    ursula.delete()
    assert [name for _, name, _ in counted()] == ["other"]


def test_search_when_registry_is_reset_then_it_is_forgotten_and_what_waits_too(
    ursula, robot, administrator
):
    note_search(ursula, [robot.id])
    write_searches()
    searches.begin()
    note_search(ursula, [robot.id])
    reset_registry(user=administrator, token_digest=None)
    write_searches()
    assert counted() == []


def test_search_when_the_index_is_rebuilt_then_it_stays(ursula, robot):
    note_search(ursula, [robot.id])
    write_searches()
    rebuild_index()
    assert counted() == [("ursula", "robot", 30)]


def test_old_searches_when_forgotten_then_the_last_days_stay(ursula, robot):
    for days in (0, SEARCHES_KEPT_DAYS, SEARCHES_KEPT_DAYS + 1):
        day = NOON.date() - timedelta(days=days)
        ArtifactSearch.objects.create(user=ursula, artifact=robot, day=day)
    assert forget_old_searches() == 1
    assert len(counted()) == 2


def test_old_searches_when_there_are_very_many_then_the_newest_stay(ursula, set_limits):
    set_limits(SEARCHES_KEPT_MAX=2)
    for at in range(1, 5):
        note_search(ursula, [make_artifact(f"robot-{at}", number=at).id])
        write_searches()
    assert forget_old_searches() == 2
    assert [name for _, name, _ in counted()] == ["robot-3", "robot-4"]
