from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.models import ActivityQuarter, FailedRequest, Outage, Task
from artifacts.selectors.upkeep import health
from artifacts.selectors.upkeep.components import Component, Issue, Status
from artifacts.services.upkeep import activity
from artifacts.work.queue import create_task
from tests.factories.activity import count_requests
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
PATH = "/health/dashboard"
HOSTILE = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture(autouse=True)
def counts_wait(monkeypatch):
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)


@pytest.fixture
def staff(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def ask(number: int = 1, route: str = "GET /x", status: int = 200, **given) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    count_requests(minute, route, status, requests=number, **given)


def fail(number: int) -> None:
    FailedRequest.objects.bulk_create(
        FailedRequest(
            at=timezone.now(), request_id=f"{each:032x}", route=f"GET /{HOSTILE}", status=503,
            event="request.failed", reason=HOSTILE, took_ms=7_000,
        )
        for each in range(number)
    )  # fmt: skip


def page(client: Client, query: str = "") -> str:
    answer = client.get(PATH + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_dashboard_when_nothing_was_asked_then_says_so(staff):
    shown = page(staff)
    assert "Nothing was asked of the registry" in shown
    assert "No request failed within these minutes" in shown
    assert "None is late." in shown


def test_dashboard_when_much_was_asked_then_numbers_charts_and_their_table(staff):
    ask(60, within_5_ms=60)
    ask(20, status=503, within_100_ms=20)
    ask(40, "GET /artifacts/x/download", 302, artifact_type="model")
    shown = page(staff)
    assert "<dd>2 <small>120 in all" in shown
    assert "<dd>17 % <small>0 faults, 20 unavailable" in shown
    assert "<dd>40 <small>0 refused requests" in shown
    assert shown.count('role="img"') == 3
    assert shown.count('<tr><th scope="row"><time') == 60


@pytest.mark.parametrize("query", ["", "?minutes=5", "?minutes=1440", "?failures=503+request"])
def test_dashboard_when_read_aloud_then_nothing_is_in_the_way(staff, query):
    ask(route=HOSTILE)
    fail(3)
    create_task("mirror_revision", artifact_id="x", arguments={})
    Task.objects.update(due_at=timezone.now() - timedelta(hours=2))
    Outage.objects.create(
        key="storage", began_at=timezone.now(), failed_at=timezone.now(), reason=HOSTILE
    )
    shown = page(staff, query)
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert "The oldest has been due for 2 h." in shown


@pytest.mark.parametrize(
    "given", ["4", "1441", "-5", "x", "5.0", "\N{ARABIC-INDIC DIGIT FIVE}", "9" * 400, ""]
)
def test_dashboard_when_the_window_is_none_then_refused_with_a_sentence(staff, given):
    answer = staff.get(PATH, {"minutes": given})
    assert answer.status_code == 400
    assert "minutes is a whole number from 5 to 1,440." in answer.content.decode()


def test_dashboard_when_filtered_then_keeps_the_words_and_says_if_none_has_them(staff):
    fail(2)
    shown = page(staff, "?minutes=15&failures=nobody")
    assert 'value="nobody"' in shown
    assert "No failure within these minutes has these words." in shown
    assert "?minutes=60&amp;failures=nobody" in shown
    assert "request.failed" in page(staff, "?failures=failed")


def test_dashboard_when_there_is_much_then_few_queries_and_a_small_page(
    staff, django_assert_max_num_queries
):
    quarter = ActivityQuarter.begin_of(timezone.now())
    ActivityQuarter.objects.bulk_create(
        ActivityQuarter(
            minute=quarter - timedelta(minutes=ago), route=f"GET /{route}" + "x" * 80, status=500,
            requests=12_345, within_50_ms=12_345,
        )
        for ago in range(0, 1_440, 15)
        for route in range(40)
    )  # fmt: skip
    fail(200)
    with django_assert_max_num_queries(12):
        shown = page(staff, "?minutes=1440")
    assert len(shown) < 100_000
    assert "15 more routes" in shown


def test_dashboard_when_the_database_is_lost_meanwhile_then_503(staff, monkeypatch):
    issue = Issue("x", "error", "The database does not answer.", "")
    lost = Component("database", "Database", "", Status.CRITICAL, {}, (issue,))
    monkeypatch.setattr(health, "get_database", lambda: lost)
    monkeypatch.setattr(activity, "_held_until", 0.0)
    answer = staff.get(PATH)
    assert answer.status_code == 503
    assert "The database does not answer." in answer.content.decode()


def test_dashboard_when_a_component_is_unknown_then_the_queue_is_not_known(staff, monkeypatch):
    def away(*_given, **_named):
        return [Component("tasks", "Tasks", "", Status.UNKNOWN)]

    monkeypatch.setattr(health, "list_components", away)
    assert "Not known: its state is in the database" in page(staff)


def test_dashboard_when_a_request_failed_then_it_stands_there_with_its_id(staff, monkeypatch):
    def crash(*_given):
        raise KeyError("x")

    with monkeypatch.context() as patch:
        patch.setattr("artifacts.web.upkeep.views.get_traffic", crash)
        staff.raise_request_exception = False
        failed = staff.get(PATH)
    assert failed.status_code == 500
    shown = page(staff)
    assert failed["X-Request-Id"] in shown
    assert "KeyError" in shown


def test_script_when_it_looks_for_its_part_then_the_page_has_it(staff):
    script = Path("artifacts/static/registry/live.js").read_text(encoding="utf-8")
    shown = page(staff)
    for name in ("data-live-seconds", "data-live-controls"):
        assert name in script
        assert name in shown
    assert any("live" in each for each in read(shown).resources)
