"""Blobs that a commit needs: looked for before its transaction, kept within it."""

import os
import time

import pytest

from artifacts.exceptions import BlobsMissing
from artifacts.limits import ORPHAN_GRACE_HOURS
from artifacts.models import Blob
from artifacts.services.content import kept_blobs
from artifacts.services.content.kept_blobs import keep_blobs, look_for_blobs, store_small
from artifacts.storage.blobs import store_blob
from artifacts.storage.keys import blob_key
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store
from tests.factories.repositories import sha256_of

pytestmark = pytest.mark.django_db
CONTENT, OTHER = b"small", b"other"
SHA256, ANOTHER = sha256_of(CONTENT), sha256_of(OTHER)
SIZES = {SHA256: len(CONTENT), ANOTHER: len(OTHER)}


def make_old(content: bytes) -> None:
    store = get_store()
    assert isinstance(store, LocalStore)
    path = store.path(blob_key(sha256_of(content)))
    old_s = time.time() - ORPHAN_GRACE_HOURS * 3600
    os.utime(path, (old_s, old_s))


@pytest.fixture
def store():
    for content in (CONTENT, OTHER):
        get_store().create(blob_key(sha256_of(content)), content, "")


@pytest.fixture
def asked(monkeypatch):
    """The keys that the bucket is asked about."""
    keys: list[str] = []
    stat = LocalStore.stat

    def noted(self, key):
        keys.append(key)
        return stat(self, key)

    monkeypatch.setattr(LocalStore, "stat", noted)
    return keys


def test_look_for_when_all_are_there_then_the_young_ones_are_told(store):
    make_old(OTHER)
    assert look_for_blobs(SIZES) == {SHA256}


def test_look_for_when_some_are_gone_then_these_are_named(store):
    get_store().delete([blob_key(ANOTHER)])
    with pytest.raises(BlobsMissing) as raised:
        look_for_blobs(SIZES)
    assert raised.value.digests == {ANOTHER}


def test_store_when_some_are_here_then_only_the_others_are_written(store, asked, monkeypatch):
    get_store().delete([blob_key(ANOTHER)])
    make_old(CONTENT)
    Blob.objects.create(sha256=SHA256, size_bytes=len(CONTENT))
    written = []
    before = store_blob

    def noted(writer, chunks, **given):
        written.append(chunks)
        return before(writer, chunks, **given)

    monkeypatch.setattr(kept_blobs, "store_blob", noted)
    assert store_small({SHA256: CONTENT, ANOTHER: OTHER}) == {ANOTHER}
    assert written == [[OTHER]]
    assert asked == [blob_key(SHA256)]
    assert get_store().read(blob_key(ANOTHER)) == OTHER


def test_store_when_an_earlier_try_stored_them_then_their_age_is_told(store):
    make_old(OTHER)
    assert store_small({SHA256: CONTENT, ANOTHER: OTHER}) == {SHA256}


def test_store_when_the_bucket_lost_one_that_has_a_row_then_it_is_written_again():
    Blob.objects.create(sha256=SHA256, size_bytes=len(CONTENT))
    assert store_small({SHA256: CONTENT}) == {SHA256}
    assert get_store().read(blob_key(SHA256)) == CONTENT


def test_keep_when_the_rows_are_there_or_the_blobs_are_young_then_nobody_is_asked(store, asked):
    Blob.objects.create(sha256=SHA256, size_bytes=len(CONTENT))
    keep_blobs(SIZES, young={ANOTHER})
    assert asked == []
    assert dict(Blob.objects.values_list("sha256", "size_bytes")) == SIZES


def test_keep_when_a_row_went_meanwhile_then_its_blob_alone_is_looked_for(store, asked):
    Blob.objects.create(sha256=SHA256, size_bytes=len(CONTENT))
    keep_blobs(SIZES, young=())
    assert asked == [blob_key(ANOTHER)]
    get_store().delete([blob_key(SHA256)])
    Blob.objects.all().delete()
    with pytest.raises(BlobsMissing) as raised:
        keep_blobs(SIZES, young={ANOTHER})
    assert raised.value.digests == {SHA256}


def test_keep_when_many_then_by_batches(monkeypatch):
    monkeypatch.setattr(kept_blobs, "_BATCH_ROWS", 2)
    sizes = {sha256_of(b"%d" % number): number for number in range(5)}
    keep_blobs(sizes, young=sizes)
    assert dict(Blob.objects.values_list("sha256", "size_bytes")) == sizes
