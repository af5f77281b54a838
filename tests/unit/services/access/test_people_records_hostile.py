"""Somebody writes into the bucket where the people's records are."""

import json

import pytest
from django.core.management import call_command

from artifacts.exceptions import RecordBroken
from artifacts.models import User
from artifacts.rules.identity import now_us
from artifacts.services.access.people_records import (
    forget_old_people_records,
    list_people_records,
    restore_people,
    store_people,
)
from artifacts.storage.keys import PEOPLE_PREFIX, people_key
from artifacts.storage.store import get_store

pytestmark = pytest.mark.django_db
ODD_NAMES = ["", "zzz.json", "9" * 20 + ".json", "9" * 600 + ".json", "1.json", "٣" * 20 + ".json"]


def test_record_when_copied_to_a_later_key_then_a_demotion_is_not_undone(administrator, uploader):
    User.objects.filter(pk=uploader.pk).update(is_admin=True)
    store_people()
    old = get_store().read(list_people_records()[0])
    User.objects.filter(pk=uploader.pk).update(is_admin=False)
    store_people()
    copy = people_key(now_us() + 86_400_000_000)
    get_store().create(copy, old, "application/json")
    User.objects.all().delete()
    with pytest.raises(RecordBroken, match="copy"):
        restore_people()
    with pytest.raises(RecordBroken, match="copy"):
        restore_people(record=copy, is_unsigned_taken=True)
    restore_people(record=list_people_records()[1])
    assert not User.objects.get(username=uploader.username).is_admin


@pytest.mark.parametrize("name", ODD_NAMES)
def test_records_when_something_else_lies_beside_them_then_it_counts_for_nothing(
    administrator, name, monkeypatch, capsys
):
    store_people()
    mine = list_people_records()
    store, real = get_store(), get_store().list

    def listed(prefix):
        yield from (found for found in real(prefix))
        yield type(next(real(prefix)))(PEOPLE_PREFIX + name, 0, next(real(prefix)).modified_at)

    monkeypatch.setattr(store, "list", listed)
    assert list_people_records() == mine
    assert not store_people()
    assert forget_old_people_records() == 0
    call_command("restore_people", "--list")
    assert "1 people" in capsys.readouterr().out
    assert restore_people().present == [administrator.username]


@pytest.mark.parametrize("signed", ["\ud800", 5, '{"people": [], "written_us": "1"}', "[]"])
def test_record_when_its_text_is_odd_then_broken_and_a_new_one_is_written(administrator, signed):
    data = json.dumps({"signed": signed, "signature": "\ud800"}).encode()
    get_store().create(people_key(1), data, "application/json")
    for is_unsigned_taken in (False, True):
        with pytest.raises(RecordBroken):
            restore_people(is_unsigned_taken=is_unsigned_taken)
    assert store_people()
