import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from artifacts.exceptions import ObjectMissing, RecordBroken, RegistryReadOnly
from artifacts.models import AccessToken, Task, User
from artifacts.rules.identity import now_us
from artifacts.services.access import people_records, users
from artifacts.services.access.authentication import check_credentials
from artifacts.services.access.people_records import (
    forget_old_people_records,
    list_people_records,
    restore_people,
    store_people,
)
from artifacts.services.upkeep.housekeeping import keep_house
from artifacts.services.upkeep.reset import reset_registry
from artifacts.storage.keys import people_key
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-9"


@pytest.fixture
def people(administrator, uploader, settings) -> None:
    settings.REGISTRY_TASKS = "worker"
    users.create_user(name="bob", password=PASSWORD, permissions=("search",), by=administrator)


def lose_everybody() -> None:
    User.objects.all().delete()


def newest() -> dict:
    return json.loads(get_store().read(list_people_records()[0]))


def days_ago(days: float) -> int:
    return int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1_000_000)


def put(key: str, people: object, *, signature: str = "") -> None:
    written_us = int(key.rpartition("/")[2].removesuffix(".json"))
    signed = json.dumps({"format": 1, "written_us": written_us, "people": people})
    signature = signature or people_records._signer().signature(signed)
    record = json.dumps({"signed": signed, "signature": signature}).encode()
    get_store().create(key, record, "application/json")


def entry(name: str, **changes: object) -> dict[str, object]:
    made = User(username=name)
    made.set_password(PASSWORD)
    return people_records._entry(made) | changes


# ------------------------------------------------------------------ writing


def test_record_when_written_then_names_permissions_and_hashes_and_nothing_in_clear(people):
    store_people()
    text = get_store().read(list_people_records()[0]).decode()
    record = json.loads(newest()["signed"])
    assert [each["name"] for each in record["people"]] == ["ada", "bob", "ursula"]
    assert record["people"][1]["can_search"] is True
    assert PASSWORD not in text
    digests = AccessToken.objects.values_list("digest", flat=True)
    assert not any(digest in text for digest in digests)


@pytest.mark.parametrize(
    "change",
    [
        lambda by: users.create_user(name="carl", password=PASSWORD, by=by),
        lambda by: users.set_permissions(name="bob", permissions=(), by=by),
        lambda by: users.set_password(name="bob", password="another-long-password", by=by),
        lambda by: users.delete_user(name="bob", by=by),
    ],
    ids=["create", "permit", "password", "delete"],
)
def test_people_when_changed_then_a_task_writes_it_down(people, administrator, change):
    store_people()
    Task.objects.all().delete()
    before = list_people_records()
    change(administrator)
    assert Task.objects.get().name == "store_people"
    assert run_one("test")
    assert len(list_people_records()) == len(before) + 1


def test_record_when_nothing_changed_then_not_written_again(people):
    assert store_people()
    assert not store_people()
    assert len(list_people_records()) == 1


def test_record_when_switched_off_then_neither_scheduled_nor_written(
    people, settings, administrator
):
    Task.objects.all().delete()
    settings.REGISTRY_PEOPLE_RECORD = "off"
    users.set_permissions(name="bob", permissions=(), by=administrator)
    assert not Task.objects.exists()
    assert not store_people()
    assert list_people_records() == []


def test_record_when_its_number_is_taken_then_before_the_rows_are_read(people, monkeypatch):
    """So the newest record holds every change that was committed before it."""
    order = []
    monkeypatch.setattr(people_records, "now_us", lambda: order.append("number") or now_us())
    with connection.execute_wrapper(lambda run, *given: order.append("rows") or run(*given)):
        store_people()
    assert order == ["number", "rows"]


def test_house_when_kept_then_what_no_service_changed_is_written_too(people):
    store_people()
    User.objects.filter(username="bob").update(can_download=True)
    keep_house()
    assert len(list_people_records()) == 2


def test_records_when_old_and_replaced_then_removed_but_for_the_newest(people):
    for days in (90, 45, 31, 29):
        put(people_key(days_ago(days)), [])
    assert forget_old_people_records() == 3
    assert len(list_people_records()) == 1
    get_store().delete(list_people_records())
    put(people_key(days_ago(90)), [])
    assert forget_old_people_records() == 0


def test_records_when_very_many_then_the_oldest_go(people, set_limits):
    set_limits(PEOPLE_RECORDS_MAX=2)
    keys = [people_key(days_ago(days)) for days in (3, 2, 1)]
    for key in keys:
        put(key, [])
    forget_old_people_records()
    assert list_people_records() == [keys[2], keys[1]]


# ------------------------------------------------------------------ restoring


def test_people_when_restored_then_as_they_were_and_with_their_passwords(people):
    User.objects.filter(username="ursula").update(is_active=False)
    store_people()
    columns = ("username", "password", *people_records._FLAGS)
    before = sorted(User.objects.values_list(*columns))
    lose_everybody()
    result = restore_people()
    assert sorted(each.username for each in result.restored) == ["ada", "bob", "ursula"]
    assert sorted(User.objects.values_list(*columns)) == before
    assert check_credentials(username="bob", password=PASSWORD).username == "bob"


def test_people_when_somebody_is_there_then_left_alone(people):
    store_people()
    User.objects.filter(username="bob").update(can_search=False, is_admin=True)
    User.objects.filter(username="ursula").delete()
    result = restore_people()
    assert (result.present, [each.username for each in result.restored]) == (
        ["ada", "bob"],
        ["ursula"],
    )
    bob = User.objects.get(username="bob")
    assert (bob.is_admin, bob.can_search) == (True, False)


def test_people_when_dry_then_nobody_is_made(people):
    store_people()
    lose_everybody()
    result = restore_people(is_dry_run=True)
    assert len(result.restored) == 3
    assert not User.objects.exists()


def test_people_when_a_name_looks_like_anothers_then_refused_and_the_others_restored(people):
    store_people()
    lose_everybody()
    User.objects.create_user("BOB", PASSWORD)
    result = restore_people()
    assert list(result.refused) == ["bob"]
    assert "looks the same" in result.refused["bob"]
    assert User.objects.count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "in-clear"},
        {"password": None},
        {"is_admin": "yes"},
        {"name": "a\u202eb"},
        {"name": ""},
    ],
    ids=["no hash", "none", "no flag", "bad name", "no name"],
)
def test_people_when_an_entry_is_wrong_then_said_and_the_others_restored(db, wrong):
    put(people_key(days_ago(0)), [entry("bob") | wrong, entry("carl")])
    result = restore_people()
    assert [each.username for each in result.restored] == ["carl"]
    assert len(result.refused) == 1
    assert User.objects.count() == 1


def test_record_when_somebody_else_wrote_it_then_refused_unless_said_otherwise(db):
    put(people_key(days_ago(0)), [entry("mallory", is_admin=True)], signature="forged")
    with pytest.raises(RecordBroken, match="not signed"):
        restore_people()
    assert not User.objects.exists()
    assert len(restore_people(is_unsigned_taken=True).restored) == 1


def test_record_when_signed_by_an_earlier_key_then_taken_with_it(people, settings):
    store_people()
    earlier, settings.SECRET_KEY = (
        settings.SECRET_KEY,
        "another-key-of-fifty-characters-and-more-than-that",
    )
    lose_everybody()
    with pytest.raises(RecordBroken):
        restore_people()
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert len(restore_people().restored) == 3


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"signed": 1, "signature": 2}'])
def test_record_when_it_cannot_be_read_then_broken(db, data):
    get_store().create(people_key(1), data, "application/json")
    with pytest.raises(RecordBroken):
        restore_people(is_unsigned_taken=True)
    assert people_records.count_people(people_key(1)) is None


def test_record_when_there_is_none_then_said(db):
    with pytest.raises(ObjectMissing):
        restore_people()


def test_people_after_a_reset_are_restored_from_the_record_of_before(people, administrator):
    store_people()
    (before,) = list_people_records()
    reset_registry(user=administrator, token_digest=None)
    time.sleep(0.001)
    keep_house()
    assert len(list_people_records()) == 2
    assert restore_people().restored == []
    names = {each.username for each in restore_people(record=before).restored}
    assert names == {"ada", "bob", "ursula"}


def test_people_when_read_only_then_only_the_operators_command_restores(people, settings):
    store_people()
    lose_everybody()
    settings.REGISTRY_MODE = "read_only"
    with pytest.raises(RegistryReadOnly):
        restore_people()
    call_command("restore_people")
    assert User.objects.count() == 3


# ------------------------------------------------------------------ the command


def test_command_when_run_then_says_what_became_of_everybody(people, capsys):
    store_people()
    User.objects.exclude(username="bob").delete()
    call_command("restore_people", "--dry-run")
    said = capsys.readouterr().out
    assert "ada: would be restored (administrator)" in said
    assert "ursula: would be restored (upload, search, download)" in said
    assert "bob: is there, left alone" in said
    call_command("restore_people")
    assert "2 restored, 1 left alone, 0 not restored." in capsys.readouterr().out


def test_command_when_asked_for_the_records_then_each_with_date_and_number(people, capsys):
    store_people()
    call_command("restore_people", "--list")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(f"UTC  {list_people_records()[0]}  3 people")


def test_command_when_the_record_is_not_ours_then_fails(db):
    put(people_key(1), [], signature="forged")
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("restore_people")
