from datetime import timedelta

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from artifacts.limits import (
    ACTIVITY_FLUSH_S,
    FAILED_REQUESTS_WAITING_MAX,
    HEALTH_WINDOW_MAX_MINUTES,
    LATENCY_EDGES_MS,
)
from artifacts.models import ActivityBucket, ActivityQuarter, ClientMark, FailedRequest
from artifacts.request_id import Failure, new_request_id, note_failure
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
    for name in ("_waiting", "_marks", "_written_marks"):
        monkeypatch.setattr(activity, name, type(getattr(activity, name))())
    activity._failed.clear()
    # No minute ends within a test.
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return clock


def written() -> dict[str, int]:
    return dict(ActivityBucket.objects.values_list("route", "requests"))


def written_minutes() -> list[int]:
    return list(ActivityBucket.objects.values_list("requests", flat=True))


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


def test_flush_when_minutes_are_of_one_quarter_then_their_sum_stands_beside_them(monkeypatch):
    now = timezone.now().replace(minute=44)
    for ago, number in ((0, 1), (14, 2), (15, 4), (29, 8)):
        monkeypatch.setattr(timezone, "now", lambda ago=ago: now - timedelta(minutes=ago))
        for _ in range(number):
            activity.count("GET /a", 200, "", 0.001)
    for _ in range(2):
        activity.flush()
        activity.count("GET /a", 200, "")
    rows = ActivityQuarter.objects.order_by("minute")
    found = rows.values_list("minute__minute", "minute__second", "requests", "within_5_ms")
    assert list(found) == [(15, 0, 13, 12), (30, 0, 3, 3)]
    assert sum(written_minutes()) == 16


def test_flush_when_nothing_gathered_then_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        activity.flush()


def test_flush_when_minutes_are_older_than_any_window_then_removed():
    now = timezone.now()
    for age, route in ((HEALTH_WINDOW_MAX_MINUTES + 1, "old"), (5, "young")):
        minute = now - timedelta(minutes=age)
        ActivityBucket.objects.create(minute=minute, route=route, status=200, requests=1)
    for age, route in ((HEALTH_WINDOW_MAX_MINUTES + 31, "old"), (1_460, "of the first bar")):
        minute = now - timedelta(minutes=age)
        ActivityQuarter.objects.create(minute=minute, route=route, status=200, requests=1)
    activity.count("new", 200, "")
    activity.flush()
    assert written() == {"young": 1, "new": 1}
    kept = set(ActivityQuarter.objects.values_list("route", flat=True))
    assert kept == {"of the first bar", "new"}


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


@pytest.mark.parametrize(
    ("took_s", "column"),
    [
        (0.0, "within_5_ms"), (0.005, "within_5_ms"), (0.0051, "within_10_ms"),
        (0.9, "within_1000_ms"), (10.0, "within_10000_ms"), (10.1, "longer"),
    ],
)  # fmt: skip
def test_count_when_measured_then_once_in_the_first_latency_that_fits(took_s, column):
    activity.count("GET /a", 200, "", took_s)
    activity.flush()
    row = ActivityBucket.objects.values(*ActivityBucket.LATENCIES).get()
    assert {name for name, number in row.items() if number} == {column}
    assert row[column] == 1


def test_latencies_when_named_then_a_column_for_each_edge_and_one_more():
    assert len(ActivityBucket.LATENCIES) == len(LATENCY_EDGES_MS) + 1
    names = {each.name for each in ActivityBucket._meta.get_fields()}
    assert set(ActivityBucket.LATENCIES) <= names


def test_clients_when_counted_then_marks_and_no_addresses():
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", ""):
        activity.count("GET /a", 200, "", 0.1, address)
    activity.flush()
    marks = list(ClientMark.objects.values_list("mark", flat=True))
    assert len(marks) == 2
    assert all(0 <= mark < ClientMark.MARKS for mark in marks)


def test_clients_when_seen_again_within_a_minute_then_written_once(django_assert_num_queries):
    activity.count("GET /a", 200, "", 0.1, "192.0.2.1")
    activity.flush()
    ClientMark.objects.all().delete()
    activity.count("GET /a", 200, "", 0.1, "192.0.2.1")
    activity.flush()
    assert not ClientMark.objects.exists()


def test_clients_when_another_process_saw_them_later_then_that_stays():
    activity.count("GET /a", 200, "", 0.1, "192.0.2.1")
    activity.flush()
    later = timezone.now() + timedelta(minutes=3)
    ClientMark.objects.update(seen_at=later)
    activity._written_marks.clear()
    activity.count("GET /a", 200, "", 0.1, "192.0.2.1")
    activity.flush()
    assert ClientMark.objects.get().seen_at == later


def test_failed_when_noted_then_written_with_the_counts_and_only_the_newest_kept(monkeypatch):
    monkeypatch.setattr(activity, "FAILED_REQUESTS_KEPT", 3)
    for number in range(5):
        activity.note_failed(f"GET /{number}", 500, 0.2)
        activity.flush()
    kept = FailedRequest.objects.order_by("id").values_list("route", "took_ms")
    assert list(kept) == [("GET /2", 200), ("GET /3", 200), ("GET /4", 200)]


def test_failed_when_they_come_faster_than_they_are_written_then_the_oldest_are_lost():
    for number in range(FAILED_REQUESTS_WAITING_MAX + 2):
        activity.note_failed(f"GET /{number}", 500, 0.2)
    activity.flush()
    assert FailedRequest.objects.count() == FAILED_REQUESTS_WAITING_MAX
    assert not FailedRequest.objects.filter(route="GET /1").exists()


@pytest.mark.parametrize(
    ("failure", "status", "event", "reason"),
    [
        (
            Failure("request.failed", 30, fields={"reason": "It is away.\0"}),
            503,
            "request.failed",
            "It is away.\ufffd",
        ),
        (Failure("request.crashed", 40, KeyError("of a user")), 500, "request.crashed", "KeyError"),
        (None, 200, "request.slow", ""),
        (None, 501, "request.answered", ""),
    ],
)
def test_failed_when_noted_then_what_its_line_in_the_log_says(failure, status, event, reason):
    with new_request_id() as request_id:
        if failure:
            note_failure(failure)
        activity.note_failed("GET /a", status, 0.1)
    activity.flush()
    row = FailedRequest.objects.get()
    assert (row.event, row.reason, row.request_id) == (event, reason, request_id)
