from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from artifacts.exceptions import StorageUnavailable
from artifacts.models import ActivityBucket, Task
from artifacts.selectors.upkeep import health
from artifacts.services.upkeep import activity
from artifacts.storage.abilities import Gravity, Shortfall
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db


def component(answer, key: str) -> dict:
    return next(each for each in answer.json()["components"] if each["id"] == key)


def lose_database(monkeypatch) -> None:
    class Lost:
        vendor = "none"

        def cursor(self):
            raise DatabaseError("connection refused")

    monkeypatch.setattr(health, "connection", Lost())


def test_health_when_all_is_well_then_ok(anonymous):
    answer = anonymous.get("/health").json()
    assert answer["status"] == "ok"
    ids = {each["id"] for each in answer["components"]}
    assert ids == {"database", "storage", "sources", "tasks", "api"}
    assert answer["window_minutes"] == 60
    assert answer["version"]


def test_health_when_requests_came_then_counted_by_route_and_type(anonymous, api):
    api.get("/artifacts/model/none-1")
    api.get("/artifacts/model/none-2")
    api.get("/no/such/path")
    summary = anonymous.get("/health").json()["request_summary"]
    assert summary["per_route"]["GET /artifacts/<str:artifact_type>/<str:artifact_id>"] == 2
    assert summary["per_route"]["GET (no such path)"] == 1
    assert summary["per_artifact_type"] == {"model": 2}
    assert summary["total_requests"] == 3


def test_health_when_storage_is_lost_then_critical_and_still_200(anonymous, monkeypatch):
    class Away:
        def probe(self):
            raise StorageUnavailable("The bucket does not answer. Try again later.")

    monkeypatch.setattr(health, "probe_store", Away().probe)
    answer = anonymous.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "critical")
    shown = component(anonymous.get("/health/components"), "storage")
    assert shown["status"] == "critical"
    assert shown["issues"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("gravity", "status", "severity"),
    [
        (Gravity.REPLACED, "degraded", "warning"),
        (Gravity.SAID, "degraded", "warning"),
        (Gravity.REFUSED, "critical", "error"),
    ],
)
def test_health_when_the_bucket_lacks_something_then_told_in_a_sentence(
    anonymous, monkeypatch, gravity, status, severity
):
    lack = Shortfall("creates_once", gravity, "The bucket overwrites.", "Rows do it.", "8 of 8")
    monkeypatch.setattr(health, "known_shortfalls", lambda: (lack,))
    shown = component(anonymous.get("/health/components"), "storage")
    assert shown["status"] == status
    assert shown["issues"] == [
        {
            "code": "bucket_creates_once",
            "severity": severity,
            "summary": "The bucket overwrites.",
            "details": "Rows do it. Seen when it was tried: 8 of 8",
        }
    ]


def test_health_when_the_database_is_lost_then_critical_and_still_200(anonymous, monkeypatch):
    lose_database(monkeypatch)
    answer = anonymous.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "critical")
    assert component(anonymous.get("/health/components"), "tasks")["status"] == "unknown"


def test_health_when_statistics_cannot_be_read_then_left_out(anonymous, monkeypatch):
    def fail(_window):
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "get_activity", fail)
    assert "request_summary" not in anonymous.get("/health").json()


def test_health_when_outside_of_a_package_then_the_version_and_no_release(anonymous, settings):
    answer = anonymous.get("/health").json()
    assert answer["version"] == settings.REGISTRY_VERSION
    assert "release" not in answer


def test_health_when_in_a_package_then_shows_its_record(anonymous, settings):
    settings.REGISTRY_RELEASE = {"version": "1.2.3", "commit": "c0ffee"}
    assert anonymous.get("/health").json()["release"] == settings.REGISTRY_RELEASE


def test_health_when_the_code_waits_for_a_migration_then_names_it(anonymous):
    before = anonymous.get("/health").json()["migrations"]
    newest = before["newest"]["artifacts"]
    assert before["pending"] == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = %s", [newest])
    after = anonymous.get("/health").json()["migrations"]
    assert after["pending"] == [f"artifacts.{newest}"]
    assert after["newest"]["artifacts"] < newest


def test_components_when_a_task_is_overdue_then_degraded(anonymous):
    create_task("build_bundle", artifact_id="model-1-1", arguments={})
    Task.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    shown = component(anonymous.get("/health/components"), "tasks")
    assert shown["status"] == "degraded"
    assert shown["metrics"]["waiting"] == 1
    assert shown["issues"][0]["code"] == "tasks_overdue"


def test_components_when_requests_failed_then_degraded(anonymous):
    minute = timezone.now().replace(second=0, microsecond=0)
    ActivityBucket.objects.create(minute=minute, route="GET /x", status=500, requests=3)
    shown = component(anonymous.get("/health/components"), "api")
    assert (shown["status"], shown["metrics"]["server_errors"]) == ("degraded", 3)


def test_components_when_timelines_are_asked_for_then_minute_by_minute(anonymous):
    minute = timezone.now().replace(second=0, microsecond=0)
    ActivityBucket.objects.create(minute=minute, route="GET /x", status=200, requests=3)
    ActivityBucket.objects.create(minute=minute, route="GET /y", status=200, requests=4)
    answer = anonymous.get("/health/components?includeTimeline=true")
    assert component(answer, "api")["timeline"][0]["value"] == 7
    assert "timeline" not in component(anonymous.get("/health/components"), "api")


@pytest.mark.parametrize("minutes", ["5", "60", "1440"])
def test_components_when_the_window_is_within_bounds_then_used(anonymous, minutes):
    answer = anonymous.get(f"/health/components?windowMinutes={minutes}")
    assert answer.json()["window_minutes"] == int(minutes)


@pytest.mark.parametrize(
    "query",
    ["windowMinutes=4", "windowMinutes=1441", "windowMinutes=soon", "windowMinutes=",
     "windowMinutes=²", "windowMinutes=\u0665\u0665",
     "windowMinutes=99999999999999", "includeTimeline=yes"],
)  # fmt: skip
def test_components_when_a_parameter_is_wrong_then_400(anonymous, query):
    assert anonymous.get(f"/health/components?{query}").status_code == 400


def test_tracks_when_asked_then_what_is_implemented(anonymous):
    assert anonymous.get("/tracks").json() == {
        "plannedTracks": ["Access control track", "Other Security track"]
    }


def test_activity_when_enough_has_gathered_then_written(set_limits):
    set_limits(ACTIVITY_FLUSH_REQUESTS=3)
    for _ in range(3):
        activity.count("GET /x", 200, "no-type")
    assert ActivityBucket.objects.get().requests == 3


def test_activity_when_written_twice_then_added_up_and_old_minutes_go():
    old = timezone.now() - timedelta(days=2)
    ActivityBucket.objects.create(minute=old, route="GET /old", status=200, requests=1)
    for _ in range(2):
        activity.count("GET /x", 200, "model")
        activity.flush()
    assert list(ActivityBucket.objects.values_list("route", "requests")) == [("GET /x", 2)]


def test_activity_when_the_database_fails_then_no_request_does(monkeypatch):
    def fail():
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", fail)
    activity.count("GET /x", 200, "")
    activity.flush()
    assert not activity._waiting


# ------------------------------------------------------------------ strict


def lose_storage(monkeypatch) -> None:
    def fail() -> None:
        raise StorageUnavailable("The bucket does not answer. Try again later.")

    monkeypatch.setattr(health, "probe_store", fail)


@pytest.mark.parametrize("lose", [lose_database, lose_storage])
def test_health_when_strict_and_something_needed_is_lost_then_503_with_the_same_body(
    anonymous, monkeypatch, lose
):
    lose(monkeypatch)
    answer = anonymous.get("/health?strict=true")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["status"] == "critical"
    assert anonymous.get("/health?strict=false").status_code == 200
    assert anonymous.get("/health").status_code == 200


@pytest.mark.parametrize(("mode", "status"), [("open", 200), ("read_only", 200), ("closed", 503)])
def test_health_when_strict_then_a_closed_registry_serves_nobody(anonymous, settings, mode, status):
    settings.REGISTRY_MODE = mode
    assert anonymous.get("/health?strict=true").status_code == status


def test_health_when_strict_and_tasks_are_late_then_200(anonymous):
    create_task("build_bundle", artifact_id="model-1-1", arguments={})
    Task.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    answer = anonymous.get("/health?strict=true")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


@pytest.mark.parametrize(("value", "has_timeline"), [("True", True), ("FALSE", False)])
def test_components_when_a_flag_is_in_capitals_then_it_means_the_same(
    anonymous, value, has_timeline
):
    answer = anonymous.get(f"/health/components?includeTimeline={value}")
    assert ("timeline" in answer.json()["components"][0]) == has_timeline


def test_health_when_strict_is_no_flag_then_400(anonymous):
    answer = anonymous.get("/health?strict=yes")
    assert answer.status_code == 400
    assert "strict" in answer.json()["error"]["message"]


def test_components_when_not_open_then_tasks_wait_and_nobody_is_told_to_start_a_worker(
    anonymous, settings
):
    settings.REGISTRY_MODE = "read_only"
    create = Task(name="build_bundle", due_at=timezone.now() - timedelta(minutes=5))
    create.save(force_insert=True)
    shown = component(anonymous.get("/health/components"), "tasks")
    assert [each["code"] for each in shown["issues"]] == ["tasks_paused"]
