from datetime import timedelta

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.exceptions import StorageFull, StorageUnavailable
from artifacts.limits import OUTAGE_SHOWN_S, TASK_OVERDUE_ON_LAMBDA_S, TASK_OVERDUE_S
from artifacts.models import DATABASE, STORAGE, ActivityBucket, Outage, Task
from artifacts.selectors.upkeep import health
from artifacts.selectors.upkeep.components import Component, Status
from artifacts.sources import silence
from artifacts.sources.inquiry import Inquiry
from tests.fakes.outages import MemoryOutages

pytestmark = pytest.mark.django_db
WELL = Component("database", "Database", "", Status.OK)
LOST = Component("database", "Database", "", Status.CRITICAL)


def found(key: str, window: int = 60, **options) -> Component:
    components = health.list_components(WELL, window, **options)
    ids = [each.id for each in components]
    assert ids == ["database", "storage", "sources", "tasks", "api"]
    return next(each for each in components if each.id == key)


def count(status: int, requests: int, *, minutes_ago: int = 1, **values: str) -> None:
    minute = timezone.now() - timedelta(minutes=minutes_ago)
    values = {"route": "GET /x"} | values
    ActivityBucket.objects.create(minute=minute, status=status, requests=requests, **values)


def make_task(state: str, *, due_s_ago: float, **values) -> Task:
    due_at = timezone.now() - timedelta(seconds=due_s_ago)
    return Task.objects.create(name="build_bundle", state=TaskState(state), due_at=due_at, **values)


def fail_probes(monkeypatch, error: Exception) -> None:
    def fail(*_args):
        raise error

    monkeypatch.setattr(health, "answer_ms", fail)
    monkeypatch.setattr(health, "begin", lambda *_args: fail)


# ------------------------------------------------------------------ the whole


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["ok", "ok"], "ok"), (["ok", "unknown"], "unknown"), (["degraded", "unknown"], "degraded"),
        (["ok", "critical", "degraded"], "critical"),
    ],
)  # fmt: skip
def test_worst_when_asked_then_decides_the_whole(statuses, expected):
    assert health.worst([Component("x", "X", "", Status(each)) for each in statuses]) == expected


def test_components_when_the_database_is_lost_then_what_needs_it_is_unknown_and_not_asked(
    django_assert_num_queries,
):
    with django_assert_num_queries(0):
        components = health.list_components(LOST, 60)
    statuses = [each.status for each in components]
    assert statuses == ["critical", "ok", "ok", "unknown", "unknown"]


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_components_when_the_database_is_lost_meanwhile_then_unknown(monkeypatch, caplog, error):
    def fail():
        raise error("gone")

    monkeypatch.setattr(health, "look_at_tasks", fail)
    assert found("tasks").status == Status.UNKNOWN
    assert found("api").status == Status.OK
    assert "health.component_unknown" in caplog.messages


# ------------------------------------------------------------------ database and storage


def test_database_when_it_answers_then_ok_with_the_time_it_took():
    component = health.get_database()
    assert component.status == Status.OK
    assert float(component.metrics["answer_ms"]) >= 0
    assert component.metrics["engine"] in ("sqlite", "postgresql")


@pytest.mark.parametrize(
    "error", [DatabaseError("at 10.0.0.7"), InterfaceError("10.0.0.7"), TimeoutError("10.0.0.7")]
)
def test_database_when_it_fails_or_hangs_then_critical_and_its_words_stay_in_the_log(
    monkeypatch, error
):
    fail_probes(monkeypatch, error)
    component = health.get_database()
    assert (component.status, component.issues[0].severity) == (Status.CRITICAL, "error")
    assert "10.0.0.7" not in str(component)


@pytest.mark.parametrize(
    "error", [StorageUnavailable("away"), StorageFull("full"), TimeoutError("silent")]
)
def test_storage_when_it_fails_or_hangs_then_critical_and_says_what(monkeypatch, error):
    fail_probes(monkeypatch, error)
    component = found("storage")
    assert component.status == Status.CRITICAL
    (issue,) = component.issues
    assert (issue.code, issue.summary) == ("storage_unavailable", str(error))


def test_database_when_it_takes_no_changes_then_critical(monkeypatch):
    # As a standby answers; the probe has a connection of its own, where nothing can be set.
    monkeypatch.setitem(health._MODE, connection.vendor, "SELECT 'on'")
    component = health.get_database()
    assert component.status == Status.CRITICAL
    assert [each.code for each in component.issues] == ["database_read_only"]


# ------------------------------------------------------------------ sources


def test_sources_when_one_did_not_answer_then_named_until_it_does(settings):
    silence.note_failure(settings.GITHUB_API_URL, "refused", 0.1, Inquiry(5))
    component = found("sources")
    assert (component.status, component.metrics) == (Status.DEGRADED, {"resting": 0})
    assert component.issues[0].summary.startswith("GitHub ")
    silence.note_answer(settings.GITHUB_API_URL, Inquiry(5))
    assert found("sources").status == Status.OK


def test_sources_when_one_is_silent_again_and_again_then_said_that_nobody_waits_for_it(settings):
    for _ in range(3):
        silence.note_failure(settings.HF_ENDPOINT, "silent", 10.0, Inquiry(5))
    component = found("sources")
    assert component.metrics == {"resting": 1}
    assert "every 30 s" in component.issues[0].details


def test_sources_when_the_database_is_lost_then_it_is_not_asked_for_them():
    health.list_components(LOST, 60)
    assert isinstance(silence.outages, MemoryOutages)
    assert silence.outages.asked == []


# ------------------------------------------------------------------ what failed another instance


@pytest.mark.parametrize("key", [DATABASE, STORAGE])
def test_component_when_it_failed_another_instance_then_degraded_for_some_minutes(key):
    def note(seconds_ago: float) -> None:
        failed_at = timezone.now() - timedelta(seconds=seconds_ago)
        Outage.objects.all().delete()
        Outage.objects.note(key, "No connection was left.", failed_at=failed_at)

    note(OUTAGE_SHOWN_S - 10)
    component = found(key)
    assert component.status == Status.DEGRADED
    assert [each.code for each in component.issues] == [f"{key}_failed_lately"]
    assert "No connection was left." in component.issues[0].details
    note(OUTAGE_SHOWN_S + 10)
    assert found(key).status == Status.OK


# ------------------------------------------------------------------ tasks


def test_tasks_when_nothing_waits_then_zeros():
    component = found("tasks")
    assert (component.status, component.issues) == (Status.OK, ())
    assert component.metrics == {
        "waiting": 0, "running": 0, "failed_last_24_h": 0, "due": 0, "postponed": 0,
        "oldest_due_s": 0.0,
    }  # fmt: skip


def test_tasks_when_there_are_some_then_counted_by_state_with_the_last_lease():
    leased_until = timezone.now() + timedelta(seconds=30)
    make_task(TaskState.READY, due_s_ago=-100)
    make_task(TaskState.READY, due_s_ago=5)
    make_task(TaskState.RUNNING, due_s_ago=9, leased_until=leased_until)
    make_task(TaskState.FAILED, due_s_ago=500)
    make_task(TaskState.SUCCEEDED, due_s_ago=500)
    old = make_task(TaskState.FAILED, due_s_ago=500)
    Task.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    metrics = found("tasks").metrics
    assert (metrics["waiting"], metrics["running"], metrics["due"]) == (2, 1, 2)
    assert metrics["failed_last_24_h"] == 1
    assert 9 <= float(metrics["oldest_due_s"]) < TASK_OVERDUE_S
    assert metrics["last_lease_until"] == leased_until.isoformat()


@pytest.mark.parametrize(
    ("mode", "late_s", "status"),
    [
        ("worker", TASK_OVERDUE_S - 30, "ok"),
        ("worker", TASK_OVERDUE_S + 1, "degraded"),
        ("lambda", TASK_OVERDUE_ON_LAMBDA_S - 5, "ok"),
        ("lambda", TASK_OVERDUE_ON_LAMBDA_S + 1, "degraded"),
    ],
)
def test_tasks_when_one_is_overdue_then_degraded(settings, mode, late_s, status):
    settings.REGISTRY_TASKS = mode
    make_task(TaskState.READY, due_s_ago=late_s)
    component = found("tasks")
    assert component.status == status
    advice = "".join(each.details for each in component.issues)
    assert ("lambda:InvokeFunction" in advice) == ((mode, status) == ("lambda", "degraded"))


@pytest.mark.parametrize(("running", "status"), [(0, "degraded"), (1, "degraded"), (2, "ok")])
def test_tasks_when_as_many_run_as_may_then_the_others_are_not_late(settings, running, status):
    settings.REGISTRY_TASKS_MAX = 3
    make_task(TaskState.READY, due_s_ago=2 * TASK_OVERDUE_S)
    make_task(TaskState.RUNNING, due_s_ago=5)  # Its worker is lost.
    for _ in range(running):
        make_task(TaskState.RUNNING, due_s_ago=-20)
    assert found("tasks").status == status


def test_tasks_when_some_failed_and_wait_then_degraded_with_their_number():
    make_task(TaskState.READY, due_s_ago=-30, error="a secret of the source")
    make_task(TaskState.READY, due_s_ago=-30)
    make_task(TaskState.SUCCEEDED, due_s_ago=30, error="earlier")
    component = found("tasks")
    assert (component.status, component.metrics["postponed"]) == (Status.DEGRADED, 1)
    assert [each.code for each in component.issues] == ["tasks_postponed"]
    assert "secret" not in str(component)


# ------------------------------------------------------------------ requests


@pytest.mark.parametrize(
    ("status", "faults"),
    [(200, 0), (404, 0), (499, 0), (501, 0), (502, 0), (503, 0), (500, 3), (504, 3), (507, 3)],
)
def test_api_when_answers_were_our_faults_then_degraded(status, faults):
    count(status, 3)
    component = found("api")
    assert component.metrics == {"requests": 3, "server_errors": faults}
    assert component.status == (Status.DEGRADED if faults else Status.OK)


def test_api_when_older_than_the_window_then_not_counted():
    count(200, 1, minutes_ago=4)
    count(500, 5, minutes_ago=6)
    assert found("api", window=5).metrics == {"requests": 1, "server_errors": 0}
    assert found("api", window=10).metrics == {"requests": 6, "server_errors": 5}


def test_api_when_a_timeline_is_asked_for_then_minutes_in_order_added_up():
    now = timezone.now()
    for minutes_ago, route, requests in ((1, "GET /a", 1), (3, "GET /a", 2), (3, "GET /b", 3)):
        minute = now - timedelta(minutes=minutes_ago)
        ActivityBucket.objects.create(minute=minute, route=route, status=200, requests=requests)
    timeline = found("api", with_timeline=True).timeline
    assert [each.value for each in timeline] == [5, 1]
    assert {each.unit for each in timeline} == {"requests per minute"}
    assert found("api").timeline == ()


def test_activity_when_asked_then_by_route_and_by_type():
    count(200, 2, route="GET /a", artifact_type="model")
    count(404, 3, route="GET /a", artifact_type="code")
    count(200, 4, route="GET /b")
    count(200, 9, minutes_ago=61)
    activity = health.get_activity(60)
    assert activity.total == 9
    assert activity.per_route == {"GET /a": 5, "GET /b": 4}
    assert activity.per_type == {"model": 2, "code": 3}
    assert activity.ended_at - activity.started_at == timedelta(minutes=60)
