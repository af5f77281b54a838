"""What people cleared of look-alikes comes back from the bucket."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.models import Artifact, LookAlike
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust import look_alikes
from artifacts.services.trust.look_alikes import audit_names, clear_look_alike
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from tests.factories.look_alikes import SUSPECT, make_named
from tests.unit.services.upkeep.losing import lose_database

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[2, 0], ids=["the-suspect-comes-later", "the-suspect-comes-first"])
def pair(request, bert) -> LookAlike:
    """An open suspicion; which record has its clearance depends on the order of the ids."""
    suspect = make_named(SUSPECT, request.param, downloads=3)
    store_record(suspect.id)
    audit_names()
    return LookAlike.objects.get()


def test_rebuild_when_a_pair_was_cleared_then_it_is_never_suspected_again(pair, administrator, do):
    do(clear_look_alike, key=pair.pk, reason="By agreement.", user=administrator)
    fields = [
        "suspect_id", "other_id", "mechanism", "detail", "score", "cleared_at", "cleared_by",
        "reason",
    ]  # fmt: skip
    before = LookAlike.objects.values(*fields).get()
    lose_database()
    rebuild_index()
    assert LookAlike.objects.values(*fields).get() == before
    assert audit_names()[1] == 0
    rebuild_index()
    assert LookAlike.objects.values(*fields).get() == before


def test_rebuild_when_the_rows_have_the_pair_open_then_it_is_cleared(pair, administrator, do):
    do(clear_look_alike, key=pair.pk, reason="By agreement.", user=administrator)
    LookAlike.objects.update(cleared_at=None, cleared_by="", reason="")
    rebuild_index()
    row = LookAlike.objects.get()
    assert (row.cleared_by, row.reason) == (administrator.username, "By agreement.")
    # What the rows have stays.
    later = timezone.now() + timedelta(days=1)
    LookAlike.objects.update(cleared_at=later, reason="Seen again.")
    rebuild_index()
    assert LookAlike.objects.get().reason == "Seen again."


def test_rebuild_when_one_of_the_pair_is_gone_then_the_other_comes_back(pair, administrator, do):
    do(clear_look_alike, key=pair.pk, reason="By agreement.", user=administrator)
    gone = min(pair.suspect_id, pair.other_id)
    lose_database()
    get_store().delete([found.key for found in get_store().list(f"artifacts/{gone}/")])
    result = rebuild_index()
    assert (Artifact.objects.count(), LookAlike.objects.count()) == (1, 0)
    assert result.broken == {}


def test_record_when_a_pair_is_cleared_while_it_is_written_then_it_is_written_again(
    pair, administrator, do, monkeypatch
):
    keeper = max(pair.suspect_id, pair.other_id)
    real, late = get_store().replace, iter([None])

    def replace(_self, key, data, content_type):
        for _ in late:
            # Its own task does not run here.
            look_alikes.clear_look_alike(key=pair.pk, reason="Ours.", user=administrator)
        real(key, data, content_type)

    monkeypatch.setattr(type(get_store()), "replace", replace)
    store_record(keeper)
    (cleared,) = json.loads(get_store().read(record_key(keeper)))["cleared"]
    assert cleared["reason"] == "Ours."
