from datetime import timedelta

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from artifacts.limits import ACTIVITY_FLUSH_S, HEALTH_WINDOW_MAX_MINUTES
from artifacts.models import ActivityBucket
from artifacts.services.upkeep import activity

pytestmark = pytest.mark.django_db


class Clock:
    """Time, as the test says it is."""

    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    """An empty buffer that was just written, and a clock to turn."""
    clock = Clock()
    monkeypatch.setattr(activity, "time", clock)
    monkeypatch.setattr(activity, "_flushed_at", clock.now)
    monkeypatch.setattr(activity, "_held_until", 0.0)
    monkeypatch.setattr(activity, "_waiting", type(activity._waiting)())
    # No minute ends within a test.
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return clock


def written() -> dict[str, int]:
    return dict(ActivityBucket.objects.values_list("route", "requests"))


def test_count_when_a_moment_passed_then_waits_and_after_the_interval_is_written(clock):
    activity.count("GET /a", 200, "model")
    assert written() == {}
    clock.now += ACTIVITY_FLUSH_S
    activity.count("GET /a", 200, "")
    rows = ActivityBucket.objects.values_list("artifact_type", "requests").order_by("artifact_type")
    assert list(rows) == [("", 1), ("model", 1)]


def test_count_when_many_gathered_then_written_at_once(set_limits):
    set_limits(ACTIVITY_FLUSH_REQUESTS=3)
    for route in ("GET /a", "GET /b", "GET /a"):
        activity.count(route, 200, "")
    assert written() == {"GET /a": 2, "GET /b": 1}


def test_count_when_held_then_waits_and_goes_on_later(clock, set_limits):
    set_limits(ACTIVITY_FLUSH_REQUESTS=1)
    activity.hold()
    activity.count("GET /a", 200, "")
    assert written() == {}
    clock.now += ACTIVITY_FLUSH_S
    activity.count("GET /b", 200, "")
    assert written() == {"GET /a": 1, "GET /b": 1}


@pytest.mark.parametrize(("kind", "kept"), [("model", "model"), ("paper", ""), ("", "")])
def test_count_when_the_type_is_none_of_ours_then_left_empty(kind, kept):
    activity.count("GET /a", 404, kind)
    activity.flush()
    row = ActivityBucket.objects.get()
    assert (row.artifact_type, row.status) == (kept, 404)
    assert (row.minute.second, row.minute.microsecond) == (0, 0)


def test_flush_when_rows_are_there_then_added_to_them():
    for _ in range(3):
        activity.count("GET /a", 200, "")
        activity.flush()
    assert written() == {"GET /a": 3}


def test_flush_when_nothing_gathered_then_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        activity.flush()


def test_flush_when_minutes_are_older_than_any_window_then_removed():
    now = timezone.now()
    for age, route in ((HEALTH_WINDOW_MAX_MINUTES + 1, "old"), (5, "young")):
        minute = now - timedelta(minutes=age)
        ActivityBucket.objects.create(minute=minute, route=route, status=200, requests=1)
    activity.count("new", 200, "")
    activity.flush()
    assert written() == {"young": 1, "new": 1}


@pytest.mark.parametrize("error", [DatabaseError, OperationalError, InterfaceError])
def test_flush_when_the_database_fails_then_logged_and_nothing_raised(monkeypatch, caplog, error):
    def fail():
        raise error("gone")

    activity.count("GET /a", 200, "")
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        activity.flush()
    (record,) = [each for each in caplog.records if each.message == "activity.lost"]
    assert record.requests == 1
