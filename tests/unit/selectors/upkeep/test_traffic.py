from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.models import ClientMark, FailedRequest
from artifacts.selectors.upkeep import traffic
from artifacts.selectors.upkeep.traffic import get_traffic, list_failures
from artifacts.services.upkeep import activity
from tests.factories.activity import count_requests

pytestmark = pytest.mark.django_db
DOWNLOAD = "GET /artifacts/<str:artifact_type>/<str:artifact_id>/download"


@pytest.fixture(autouse=True)
def moment(monkeypatch):
    """No minute ends within a test."""
    found = timezone.now().replace(second=30)
    monkeypatch.setattr(timezone, "now", lambda: found)
    return found


def add(route="GET /x", status=200, kind="", requests=1, ago=0, **latencies):
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=ago)
    count_requests(minute, route, status, kind, requests=requests, **latencies)


def fail(words, ago=0, **given):
    values = {"route": "GET /x", "status": 500, "event": "request.crashed", "took_ms": 1}
    FailedRequest.objects.create(
        at=timezone.now() - timedelta(minutes=ago), reason=words, request_id="a" * 32,
        **(values | given),
    )  # fmt: skip


def test_traffic_when_requests_ended_differently_then_each_in_its_place():
    for status, number in ((200, 5), (302, 1), (404, 2), (503, 3), (500, 4)):
        add(status=status, requests=number)
    found = get_traffic(5)
    assert vars(found.tally) == {"requests": 15, "refused": 2, "unavailable": 3, "faults": 4}
    assert vars(found.steps[-1].tally) == vars(found.tally)
    assert found.tally.failed == 7
    assert found.per_minute == 3


@pytest.mark.parametrize(
    ("minutes", "step", "steps"), [(5, 1, 5), (60, 1, 60), (61, 2, 31), (120, 2, 60)]
)
def test_traffic_when_the_window_is_short_then_steps_of_some_minutes(minutes, step, steps):
    add(ago=minutes - 1)
    add(ago=minutes)
    found = get_traffic(minutes)
    assert (found.step_minutes, len(found.steps)) == (step, steps)
    assert found.steps[0].tally.requests == found.tally.requests == 1


@pytest.mark.parametrize(
    ("minutes", "clock", "step", "begins", "steps"),
    [
        (121, "12:07", 15, "10:00", 9),
        (360, "12:14", 15, "06:15", 24),
        (900, "12:15", 15, "21:15", 61),
        (1_440, "12:29", 30, "12:30", 48),
        (1_440, "12:28", 30, "12:00", 49),
    ],
)
def test_traffic_when_the_window_is_long_then_from_the_beginning_of_a_bar(
    moment, monkeypatch, minutes, clock, step, begins, steps
):
    hour, minute = map(int, clock.split(":"))
    now = moment.replace(hour=hour, minute=minute)
    monkeypatch.setattr(timezone, "now", lambda: now)
    found = get_traffic(minutes)
    assert (found.step_minutes, f"{found.started_at:%H:%M}") == (step, begins)
    assert len(found.steps) == steps
    since = int((now - found.started_at).total_seconds() // 60)
    add(ago=since, within_5_ms=1)
    add(ago=since + 1, requests=7)
    add("GET /y", 500, requests=2)
    found = get_traffic(minutes)
    assert found.steps[0].tally.requests == 1
    assert found.steps[-1].tally.faults == 2
    assert found.tally.requests == sum(each.tally.requests for each in found.steps) == 3
    assert found.per_minute == 3 / (since + 1)


def test_traffic_when_written_by_the_service_then_minutes_and_quarters_have_the_same_sums():
    for status, took_s in ((200, 0.001), (200, 0.02), (500, 20.0)):
        activity.count("GET /x", status, "model", took_s)
    activity.flush()
    short, long = get_traffic(5), get_traffic(1_440)
    assert (short.tally, short.latency, short.routes, short.types) == (
        long.tally, long.latency, long.routes, long.types,
    )  # fmt: skip
    assert short.tally.requests == 3


def test_traffic_when_latencies_are_counted_then_percentiles_by_route_and_step():
    add("GET /fast", requests=100, within_5_ms=100)
    add("GET /slow", requests=2, longer=2)
    add("GET /unmeasured")
    found = get_traffic(5)
    fast, slow, unmeasured = found.routes
    assert (fast.route, fast.latency.half, fast.latency.most) == ("GET /fast", 2.5, 4.75)
    assert slow.latency.half == float("inf")
    assert unmeasured.latency.half is None
    assert found.latency.nearly_all == found.steps[-1].latency.nearly_all == float("inf")
    assert found.latency.half < 5


def test_routes_when_one_fails_then_first_and_the_rest_counted(monkeypatch):
    monkeypatch.setattr(traffic, "ROUTES_SHOWN_MAX", 2)
    for number in range(1, 5):
        add(f"GET /{number}", requests=number)
    add("GET /1", status=500)
    found = get_traffic(5)
    assert [line.route for line in found.routes] == ["GET /1", "GET /4"]
    assert found.routes_left_out == 2


def test_types_when_bytes_were_fetched_then_downloads_are_told_apart():
    add(DOWNLOAD, 302, "model", 3)
    add(DOWNLOAD, 404, "model", 1)
    add("GET /a/<str:artifact_id>/download/<str:part>", 302, "", 2)
    add("GET /artifacts/<str:artifact_type>/<str:artifact_id>", 200, "code", 4)
    found = get_traffic(5)
    assert found.downloads == 5
    assert [(each.artifact_type, each.requests, each.downloads) for each in found.types] == [
        ("model", 4, 3), ("dataset", 0, 0), ("code", 4, 0), ("", 2, 2),
    ]  # fmt: skip


def test_clients_when_marks_are_older_than_the_window_then_not_counted(moment):
    for mark, ago in ((1, 0), (2, 3), (3, 10)):
        ClientMark.objects.create(mark=mark, seen_at=moment - timedelta(minutes=ago))
    assert get_traffic(5).clients == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["b", "KeyError in a"]),
        ("keyerror", ["KeyError in a"]),
        ("KeyError 500", ["KeyError in a"]),
        ("KeyError 503", []),
        ("aaaa", ["b", "KeyError in a"]),
        ("503", ["b"]),
        ("%", []),
    ],
)
def test_failures_when_filtered_then_those_with_every_word(moment, words, found):
    fail("KeyError in a")
    fail("b", status=503)
    fail("long ago", ago=20)
    since = moment - timedelta(minutes=10)
    assert [each.reason for each in list_failures(since, words)] == found


def test_traffic_when_there_is_more_then_asks_no_more(django_assert_num_queries):
    for number in range(30):
        add(f"GET /{number}", ago=number % 5)
    with django_assert_num_queries(3):
        get_traffic(5)
