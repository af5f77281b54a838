import pytest
from django.db import DatabaseError

from artifacts.exceptions import NotJoined
from artifacts.services.lineage import edges
from artifacts.services.upkeep import housekeeping, orphans

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "error",
    [NotJoined("Both are apart."), DatabaseError("gone"), KeyError("odd")],
    ids=["ours", "the database's", "nobody's"],
)
def test_keep_house_when_a_step_fails_then_the_others_are_taken(monkeypatch, caplog, error):
    taken: list[str] = []

    def fail() -> None:
        raise error

    monkeypatch.setattr(edges, "link_waiting_edges", fail)
    monkeypatch.setattr(housekeeping, "forget_old_answers", lambda: taken.append("answers"))
    monkeypatch.setattr(orphans, "remove_orphans", lambda: taken.append("orphans"))
    housekeeping.keep_house()
    assert taken == ["answers", "orphans"]
    (record,) = [each for each in caplog.records if each.message == "housekeeping.failed"]
    assert record.step == "fail"


def test_keep_house_when_nothing_is_amiss_then_silent(caplog):
    housekeeping.keep_house()
    assert [each.message for each in caplog.records if each.levelname == "ERROR"] == []
