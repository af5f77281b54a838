"""What staff allowed comes back from the bucket, and what they took back does not."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from artifacts.models import (
    AllowedGlobal,
    Artifact,
    ForbiddenGlobal,
    Task,
    User,
)
from artifacts.services.records.global_records import store_globals
from artifacts.services.trust.allowing import allow_global, forbid_global
from artifacts.services.upkeep.housekeeping import keep_house
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.reset import remove_everything, reset_registry
from artifacts.storage.keys import GLOBALS_PREFIX, record_key
from artifacts.storage.store import get_store
from tests.unit.services.upkeep.losing import lose_database

pytestmark = pytest.mark.django_db
NAME = "acme.models.Model"


def allowed() -> list[tuple[str, str, str, str | None]]:
    rows = AllowedGlobal.objects.order_by("name", "artifact")
    return list(rows.values_list("name", "reason", "created_by", "artifact_id"))


def words() -> list[str]:
    return [found.key for found in get_store().list(GLOBALS_PREFIX)]


@pytest.mark.parametrize("is_for_one", [False, True], ids=["all", "one"])
def test_rebuild_when_a_global_was_allowed_then_it_is_again(bert, administrator, do, is_for_one):
    where = {"artifact_id": bert.id} if is_for_one else {}
    do(allow_global, name=NAME, reason="Ours.", by=administrator, **where)
    before = allowed()
    when = AllowedGlobal.objects.get().created_at
    lose_database()
    result = rebuild_index()
    assert before == [(NAME, "Ours.", administrator.username, bert.id if is_for_one else None)]
    assert (allowed(), AllowedGlobal.objects.get().created_at) == (before, when)
    assert result.globals_restored == ([] if is_for_one else [NAME])
    assert Task.objects.filter(name="judge_scans").count() == 1
    assert rebuild_index().globals_restored == []
    assert allowed() == before


@pytest.mark.parametrize("is_for_one", [False, True], ids=["all", "one"])
def test_rebuild_when_it_was_taken_back_then_it_stays_so_whichever_side_is_older(
    bert, administrator, do, is_for_one
):
    where = {"artifact_id": bert.id} if is_for_one else {}
    row = do(allow_global, name=NAME, reason="Ours.", by=administrator, **where)
    old_record, old_words = get_store().read(record_key(bert.id)), words()
    do(forbid_global, allowed=row, by=administrator)
    # The database is of the time before.
    ForbiddenGlobal.objects.all().delete()
    AllowedGlobal.objects.create(
        name=NAME, artifact=row.artifact, reason="Ours.", created_at=row.created_at,
        created_by=row.created_by,
    )  # fmt: skip
    rebuild_index()
    assert allowed() == []
    # The database is lost.
    lose_database()
    rebuild_index()
    assert allowed() == []
    # The bucket is of the time before.
    get_store().replace(record_key(bert.id), old_record, "application/json")
    get_store().delete(set(words()) - set(old_words))
    rebuild_index()
    assert allowed() == []
    # And so is a bucket that has the words again, which the rows brought back.
    assert len(words()) == (0 if is_for_one else 2)


@pytest.mark.parametrize("is_for_one", [False, True], ids=["all", "one"])
def test_rebuild_when_it_was_allowed_once_more_then_that_holds(bert, administrator, do, is_for_one):
    where = {"artifact_id": bert.id} if is_for_one else {}
    row = do(allow_global, name=NAME, reason="Ours.", by=administrator, **where)
    do(forbid_global, allowed=row, by=administrator)
    do(allow_global, name=NAME, reason="After all.", by=administrator, **where)
    lose_database()
    rebuild_index()
    assert [reason for _, reason, *_ in allowed()] == ["After all."]


def test_rebuild_when_the_clocks_of_servers_differ_then_the_last_word_holds(
    administrator, do, monkeypatch
):
    row, now = do(allow_global, name=NAME, reason="Ours.", by=administrator), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(hours=1))
    do(forbid_global, allowed=row, by=administrator)
    lose_database()
    rebuild_index()
    assert allowed() == []
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(hours=2))
    do(allow_global, name=NAME, reason="After all.", by=administrator)
    lose_database()
    rebuild_index()
    assert [reason for _, reason, *_ in allowed()] == ["After all."]


def test_rebuild_when_it_is_a_dry_run_then_it_says_so_and_writes_nothing(
    bert, administrator, do, capsys
):
    do(allow_global, name=NAME, reason="Ours.", by=administrator)
    lose_database()
    call_command("rebuild_index", "--dry-run")
    assert f"as staff said last: {NAME}" in capsys.readouterr().out
    assert allowed() == []
    assert not Task.objects.exists()


def test_rebuild_when_the_bucket_lost_a_word_then_it_is_written_again(bert, administrator, do):
    do(allow_global, name=NAME, reason="Ours.", by=administrator)
    kept = words()
    get_store().delete(kept)
    rebuild_index()
    assert words() == kept


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(b"no JSON", id="no-json"),
        pytest.param({"format": 2}, id="newer"),
        pytest.param({"at": "yesterday"}, id="no-time"),
        pytest.param({"at": "2026-11-30T12:00:00"}, id="no-zone"),
        pytest.param({"name": None}, id="no-name"),
    ],
)
def test_rebuild_when_a_word_cannot_be_read_then_it_is_told_and_the_others_hold(
    bert, administrator, do, wrong
):
    do(allow_global, name=NAME, reason="Ours.", by=administrator)
    (key,) = words()
    data = wrong if isinstance(wrong, bytes) else json.dumps(
        json.loads(get_store().read(key)) | wrong
    ).encode()  # fmt: skip
    get_store().replace(key, data, "application/json")
    AllowedGlobal.objects.all().delete()
    do(allow_global, name="acme.Other", reason="Ours.", by=administrator)
    lose_database()
    with pytest.raises(CommandError, match="is broken"):
        call_command("rebuild_index")
    assert [name for name, *_ in allowed()] == ["acme.Other"]
    assert Artifact.objects.count() == 1


def test_words_when_said_by_many_at_once_then_none_is_lost(administrator, do, monkeypatch):
    """Whoever writes last has read rows of before: an object that all share would lose some."""
    real = get_store().create
    late = iter("bcd")

    def create(key, data, content_type):
        for name in late:
            do(allow_global, name=f"acme.{name}", reason="Ours.", by=administrator)
            break
        return real(key, data, content_type)

    monkeypatch.setattr(type(get_store()), "create", lambda _self, *given: create(*given))
    do(allow_global, name="acme.a", reason="Ours.", by=administrator)
    monkeypatch.undo()
    lose_database()
    rebuild_index()
    assert [name for name, *_ in allowed()] == ["acme.a", "acme.b", "acme.c", "acme.d"]


def test_words_when_the_registry_was_reset_then_they_are_gone_and_later_ones_stay(
    administrator, do, settings
):
    settings.REGISTRY_RESET = "on"
    do(allow_global, name=NAME, reason="Ours.", by=administrator)
    reset_registry(user=administrator, token_digest=None)
    # Not removed yet, and not brought back.
    assert rebuild_index().globals_restored == []
    task = Task.objects.get(name="remove_everything")
    do(allow_global, name="acme.Other", reason="Ours.", by=User.objects.get(is_admin=True))
    remove_everything(**task.arguments)
    assert len(words()) == 1
    AllowedGlobal.objects.all().delete()
    Task.objects.all().delete()
    rebuild_index()
    assert [name for name, *_ in allowed()] == ["acme.Other"]


def test_words_when_the_bucket_has_never_seen_them_then_the_daily_work_writes_them(administrator):
    AllowedGlobal.objects.create(
        name=NAME, reason="Ours.", created_at=timezone.now(), created_by="ada"
    )
    keep_house()
    assert len(words()) == 1
    store_globals()
    assert len(words()) == 1


def test_rebuild_when_a_record_is_of_an_older_release_then_it_has_no_words(bert):
    record = json.loads(get_store().read(record_key(bert.id)))
    assert (record.pop("globals"), record.pop("cleared")) == ([], [])
    get_store().replace(record_key(bert.id), json.dumps(record).encode(), "application/json")
    lose_database()
    assert rebuild_index().broken == {}
