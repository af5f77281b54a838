from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import TaskState
from artifacts.models import Artifact, Revision, Task
from artifacts.rules.identity import now_us
from artifacts.selectors.upkeep import front_page
from artifacts.selectors.upkeep.front_page import get_needs, get_stored, list_hours, list_stored
from artifacts.work.queue import create_task
from tests.factories.activity import count_requests
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


def add_task(name="mirror_revision", **changes):
    task = create_task(name, artifact_id="model-1-1", arguments={})
    Task.objects.filter(id=task.id).update(**changes)
    return task.id


def add_count(route, status, requests, *, hours_ago=0):
    minute = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    count_requests(minute, route, status, requests=requests)


def test_needs_when_all_is_well_then_none():
    now = timezone.now()
    add_task()
    add_task(state=TaskState.SUCCEEDED)
    add_task(state=TaskState.CANCELLED)
    add_task(due_at=now + timedelta(hours=1), error="Not yet.")
    lease = now + timedelta(seconds=20)
    add_task(state=TaskState.RUNNING, due_at=now - timedelta(hours=1), leased_until=lease)
    make_rating(make_artifact(), gate="passed")
    found = get_needs()
    assert found.is_empty
    assert found.reset_at is None


def test_tasks_when_given_up_or_done_by_nobody_then_named_with_the_reason():
    for _ in range(5):
        add_task(state=TaskState.SUCCEEDED)
    failed = add_task(state=TaskState.FAILED, error="The source is away.")
    overdue = add_task(due_at=timezone.now() - timedelta(hours=2))
    found = {each.task_id: each for each in get_needs().tasks}
    assert set(found) == {failed, overdue}
    assert (found[failed].is_overdue, found[failed].reason) == (False, "The source is away.")
    assert found[overdue].is_overdue
    assert "worker" in found[overdue].reason


def test_artifacts_when_waiting_or_lately_refused_then_named(monkeypatch):
    monkeypatch.setattr(front_page, "_NEWEST", 2)
    make_artifact("silent", number=1, visible=False)
    for number, (gate, age_days) in enumerate([("failed", 1), ("failed", 8), ("passed", 1)], 2):
        artifact = make_artifact(f"rated-{number}", number=number)
        make_rating(artifact, gate=gate, gate_reasons=["bus_factor is low.", "Too old."])
        created_us = now_us() - age_days * 86_400_000_000
        Artifact.objects.filter(id=artifact.id).update(created_us=created_us)
    found = get_needs()
    assert [each.name for each in found.waiting] == ["silent"]
    assert [(each.name, each.reason) for each in found.refused] == [
        ("rated-2", "Bus factor is low. And 1 more.")
    ]


def test_needs_when_there_are_many_then_a_few_of_each_in_two_queries(django_assert_num_queries):
    for number in range(1, 20):
        make_artifact(number=number, visible=False)
        add_task(state=TaskState.FAILED)
    reset = add_task("remove_everything", state=TaskState.SUCCEEDED)
    Task.objects.filter(id=reset).update(created_at=timezone.now() - timedelta(days=2))
    with django_assert_num_queries(2):
        found = get_needs()
    assert (len(found.tasks), len(found.waiting)) == (6, 6)
    assert found.reset_at is not None


def test_needs_when_the_reset_itself_failed_then_it_is_one():
    reset = add_task("remove_everything", state=TaskState.FAILED)
    found = get_needs()
    assert [each.task_id for each in found.tasks] == [reset]
    assert found.reset_at is not None


def test_hours_when_counted_then_each_kind_in_its_hour(django_assert_num_queries):
    add_count("POST /artifact/<str:artifact_type>", 201, 3)
    add_count("POST /artifact/<str:artifact_type>", 424, 5)
    # Of the form: previews, refusals, and one registration.
    add_count("POST /register", 200, 7)
    add_count("POST /register", 409, 2)
    add_count("POST /register", 302, 1)
    add_count("GET /artifacts/<str:artifact_type>/<str:artifact_id>/download", 302, 2)
    add_count("GET /a/<str:artifact_id>/download/<str:part>", 302, 1)
    add_count("GET /", 500, 4, hours_ago=23)
    add_count("GET /", 503, 4, hours_ago=23)
    add_count("GET /", 500, 9, hours_ago=24)
    with django_assert_num_queries(1):
        found = list_hours()
    assert len(found) == 24
    last, first = found[-1], found[0]
    assert (last.requests, last.registered, last.downloaded, last.faults) == (21, 4, 3, 0)
    assert (first.requests, first.faults) == (8, 4)


def test_hours_when_a_clock_is_ahead_then_the_present_hour():
    add_count("GET /", 200, 1, hours_ago=-1)
    assert list_hours()[-1].requests == 1


def test_stored_when_summed_then_by_type():
    for number, kind in enumerate(("model", "model", "code"), 1):
        make_artifact(kind=kind, number=number)
    Revision.objects.update(stored_bytes=5)
    assert [(each.artifact_type, each.size_bytes) for each in list_stored()] == [
        ("model", 10), ("dataset", 0), ("code", 5),
    ]  # fmt: skip


def test_stored_when_asked_again_soon_then_known(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(front_page, "_known", {})
    with django_assert_num_queries(1):
        assert get_stored() == get_stored()
    monkeypatch.setattr(front_page, "STORED_KNOWN_S", -1.0)
    front_page._known.clear()
    with django_assert_num_queries(2):
        assert get_stored() == get_stored()
