import pytest
from django.db import DatabaseError

from artifacts.enums import Apart
from artifacts.models import Generation
from artifacts.selectors.upkeep import joining
from artifacts.selectors.upkeep.joining import issues_of_joining

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("row", "code", "severity", "said"),
    [
        (
            {"apart": Apart.DATABASE_BEHIND, "reason": "Old."},
            "database_behind_bucket",
            "error",
            "Old.",
        ),
        (
            {"apart": Apart.BUCKET_BEHIND, "reason": "New."},
            "bucket_behind_database",
            "error",
            "New.",
        ),
        ({"unjoined": 2}, "records_without_rows", "warning", "2 artifacts"),
    ],
)
def test_issues_when_something_is_amiss_then_say_what_to_do(row, code, severity, said):
    Generation.objects.create(**row)
    (issue,) = issues_of_joining()
    assert (issue.code, issue.severity) == (code, severity)
    assert said in issue.summary
    assert "rebuild_index" in issue.details


def test_issues_when_all_is_well_then_none():
    assert issues_of_joining() == ()
    Generation.objects.create()
    assert issues_of_joining() == ()


def test_issues_when_the_database_fails_then_none(monkeypatch):
    class Lost:
        @property
        def objects(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(joining, "Generation", Lost())
    assert issues_of_joining() == ()
