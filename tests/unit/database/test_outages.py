import pytest
from django.db import DatabaseError

from artifacts.api.exception_handler import answer_error
from artifacts.database import outages
from artifacts.exceptions import (
    DatabaseBusy,
    DatabaseUnavailable,
    InvalidRequest,
    SourceUnavailable,
    StorageFull,
    StorageUnavailable,
)
from artifacts.models import Outage
from artifacts.services.upkeep import activity
from artifacts.work import leases
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (DatabaseUnavailable("gone"), "database"),
        (DatabaseBusy("too many connections"), "database"),
        (StorageUnavailable("gone"), "storage"),
        (StorageFull("full"), "storage"),
        (SourceUnavailable("silent"), None),
        (InvalidRequest("wrong"), None),
        (ValueError("ours"), None),
    ],
)
def test_error_when_a_component_of_ours_is_lost_then_written_for_all(error, key):
    outages.note(error)
    outages.write()
    found = [(row.key, row.reason) for row in Outage.objects.all()]
    assert found == ([(key, str(error))] if key else [])


def test_error_when_answered_then_noted_and_written_with_the_counts_of_requests(
    monkeypatch, set_limits
):
    answer_error(StorageUnavailable("The bucket does not answer."))
    set_limits(ACTIVITY_FLUSH_REQUESTS=1)
    monkeypatch.setattr(activity, "_held_until", 0.0)
    activity.count("GET /x", 503, "")
    assert Outage.objects.get().key == "storage"


def test_error_when_a_task_met_it_then_noted():
    task = create_task("build_bundle", artifact_id="model-1-1", arguments={})
    leases.fail_task(task, DatabaseUnavailable("gone"))
    assert list(outages._met) == ["database"]


def test_errors_when_several_then_one_row_with_both_ends():
    for _ in range(3):
        outages.note(DatabaseUnavailable("gone"))
    first = outages._met["database"].began_at
    outages.write()
    row = Outage.objects.get()
    assert (row.began_at, row.failed_at > first) == (first, True)
    assert row.next_try_at is None


def test_write_when_the_database_takes_nothing_then_kept_for_later(monkeypatch):
    outages.note(DatabaseUnavailable("gone"))

    def fail(*_given, **_named):
        raise DatabaseError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Outage.objects, "note", fail)
        outages.write()
    assert list(outages._met) == ["database"]
    outages.write()
    assert Outage.objects.count() == 1
    assert outages._met == {}
