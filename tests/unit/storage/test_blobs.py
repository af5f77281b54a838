import hashlib

import pytest

from artifacts.exceptions import SourceMismatch
from artifacts.rules.digest import Sha256
from artifacts.storage import content_types
from artifacts.storage.blobs import StoredBlob, blob_exists, store_blob
from artifacts.storage.keys import blob_key
from tests.fakes.storage import FakeStore

DATA = b"hello\n"
SHA256 = Sha256(hashlib.sha256(DATA).hexdigest())
# What `printf 'hello\n' | git hash-object --stdin` prints.
GIT = "ce013625030ba8dba906f756967f9e9ca394464a"


@pytest.fixture
def store():
    return FakeStore()


@pytest.mark.parametrize(
    ("size_bytes", "digest"),
    [
        pytest.param(6, f"sha256:{SHA256}", id="sha256"),
        pytest.param(6, f"git:{GIT}", id="git"),
        pytest.param(6, "", id="size only"),
        pytest.param(None, "", id="nothing stated"),
        pytest.param(None, f"sha256:{SHA256}", id="sha256 without size"),
        pytest.param(None, f"git:{GIT}", id="git without size cannot be compared"),
    ],
)
def test_store_blob_when_bytes_are_as_stated_keeps_them(store, size_bytes, digest):
    blob = store_blob(
        store.writer(content_types.BYTES),
        [b"hel", b"", b"lo\n"],
        size_bytes=size_bytes,
        digest=digest,
    )
    assert blob == StoredBlob(SHA256, 6, is_new=True)
    assert store.objects == {blob_key(SHA256): DATA}
    assert blob_exists(store, SHA256)


def test_store_blob_when_bytes_are_there_says_that_they_are_not_new(store):
    store_blob(store.writer(content_types.BYTES), [DATA], size_bytes=6, digest="")
    assert (
        store_blob(store.writer(content_types.BYTES), [DATA], size_bytes=6, digest="").is_new
        is False
    )


@pytest.mark.parametrize(
    ("size_bytes", "digest", "words"),
    [
        pytest.param(6, f"sha256:{'0' * 64}", (SHA256, "0" * 64), id="other sha256"),
        pytest.param(6, f"git:{'0' * 40}", (GIT, "0" * 40), id="other git digest"),
        pytest.param(7, "", ("6", "7"), id="too few bytes"),
        pytest.param(5, "", ("5",), id="too many bytes"),
    ],
)
def test_store_blob_when_bytes_differ_names_both_and_keeps_nothing(
    store, size_bytes, digest, words
):
    with pytest.raises(SourceMismatch) as caught:
        store_blob(store.writer(content_types.BYTES), [DATA], size_bytes=size_bytes, digest=digest)
    assert all(word in caught.value.message for word in words)
    assert store.objects == {}
    assert not blob_exists(store, SHA256)


def test_store_blob_when_too_much_arrives_stops_at_once(store):
    asked = []

    def endless():
        while True:
            asked.append(1)
            yield b"x" * 10

    with pytest.raises(SourceMismatch):
        store_blob(store.writer(content_types.BYTES), endless(), size_bytes=15, digest="")
    assert len(asked) == 2


def test_store_blob_when_the_source_breaks_off_keeps_nothing(store):
    def broken():
        yield b"hel"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store_blob(store.writer(content_types.BYTES), broken(), size_bytes=6, digest="")
    assert store.objects == {}
