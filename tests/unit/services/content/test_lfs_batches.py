"""Many large files that a client of the Hub announces at once."""

import itertools
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.database.transactions import writing
from artifacts.exceptions import ChangedMeanwhile, StorageUnavailable
from artifacts.models import LfsObject
from artifacts.services.content import lfs_objects
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store
from tests.factories.repositories import sha256_of

pytestmark = pytest.mark.django_db


def announced(count, size_bytes=5):
    return [Announcement(sha256_of(b"%d" % number), size_bytes) for number in range(count)]


def test_announce_when_many_then_as_few_statements_as_for_some(uploader):
    counts = []
    for count in (20, 60):
        with CaptureQueriesContext(connection) as captured:
            made = announce_objects(user=uploader, artifact_id="", wanted=announced(count))
        counts.append(len(captured))
        assert len({each.object_id for each in made}) == count
        assert [each.announced for each in made] == announced(count)
        LfsObject.objects.all().delete()
    assert counts[0] == counts[1] < 15


def test_announce_when_others_are_open_then_these_keep_their_rows(uploader):
    first = announce_objects(user=uploader, artifact_id="", wanted=announced(2))
    second = announce_objects(user=uploader, artifact_id="", wanted=announced(4))
    assert [each.object_id for each in second[:2]] == [each.object_id for each in first]
    assert LfsObject.objects.count() == 4


def test_announce_when_the_bucket_takes_some_only_then_what_it_took_is_aborted(
    uploader, set_limits, monkeypatch
):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=4)
    begin = LocalParts.begin
    begun: list[str] = []

    # Several threads begin at once: only a count taken in one step is sure.
    calls = itertools.count()

    def break_off(self, *given, **more):
        if next(calls) >= 2:
            raise StorageUnavailable("The bucket is away.")
        begun.append(begin(self, *given, **more))
        return begun[-1]

    monkeypatch.setattr(LocalParts, "begin", break_off)
    with pytest.raises(StorageUnavailable):
        announce_objects(user=uploader, artifact_id="", wanted=announced(5))
    assert len(begun) == 2
    assert not list(get_store().parts.list_begun())
    assert not LfsObject.objects.exists()


def test_announce_when_another_program_was_faster_with_some_then_theirs_and_ours(
    uploader, monkeypatch
):
    faster = [
        LfsObject(user=uploader, sha256=each.sha256, size_bytes=each.size_bytes)
        for each in announced(2)
    ]
    late: list[object] = []

    @contextmanager
    def too_late(*given):
        if late:
            with writing(*given):
                yield
            return
        late.append(given)
        yield
        LfsObject.objects.all().delete()
        LfsObject.objects.bulk_create(faster)
        raise ChangedMeanwhile("Somebody was faster.")

    monkeypatch.setattr(lfs_objects, "writing", too_late)
    made = announce_objects(user=uploader, artifact_id="", wanted=announced(4))
    assert [each.object_id for each in made[:2]] == [each.pk for each in faster]
    assert {each.object_id for each in made} == set(LfsObject.objects.values_list("id", flat=True))
    assert len(made) == 4
