"""What only the local store can get wrong with parts. The rest is in the protocol test."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from artifacts.exceptions import (
    ContentTooLarge,
    InvalidRequest,
    ObjectMissing,
    StorageUnavailable,
)
from artifacts.storage.base import UploadPart
from artifacts.storage.links import read_part
from artifacts.storage.local import LocalStore

KEY = "incoming/upload-1.zip"
OLD, NEW = b"old bytes", b"new bytes"


def digest(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


@pytest.fixture
def upload_id(store):
    made = store.parts.begin(KEY)
    store.parts.receive(link_to(store, made, OLD), [OLD])
    return made


def link_to(store, upload_id, data):
    part = UploadPart(1, 0, len(data), digest(data))
    return read_part(store.parts.target(KEY, upload_id, part, expires_s=60).url.split("/")[-1])


def sending(store, link, chunks):
    """A thread that sends a part, and what it met."""
    met = []

    def send():
        try:
            store.parts.receive(link, chunks)
        except ObjectMissing as error:
            met.append(error)

    sender = threading.Thread(target=send)
    sender.start()
    return sender, met


def test_part_when_it_arrives_while_the_object_is_joined_never_changes_it(store, upload_id):
    begun, joined = threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert joined.wait(10)
        yield NEW

    sender, met = sending(store, link_to(store, upload_id, NEW), slowly())
    assert begun.wait(10)
    store.parts.join(KEY, upload_id, [digest(OLD)])
    joined.set()
    sender.join(10)
    assert len(met) == 1
    assert store.read(KEY) == OLD


def test_part_when_the_object_is_joined_while_it_waits_for_the_lock_is_refused(store, upload_id):
    with store.parts._locked(upload_id) as whole:
        sender, met = sending(store, link_to(store, upload_id, NEW), [NEW])
        # /proc/locks marks who waits for a lock by an arrow.
        inode = f":{os.fstat(whole.fileno()).st_ino} "
        ends_at = time.monotonic() + 10
        while not any(
            "->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines()
        ):
            assert time.monotonic() < ends_at
            time.sleep(0.01)
        (store.parts._folder(upload_id) / "bytes").rename(store.location / "joined")
    sender.join(10)
    assert len(met) == 1
    assert (store.location / "joined").read_bytes() == OLD


@pytest.mark.parametrize(
    ("chunks", "error"),
    [
        pytest.param([NEW, b"x"], ContentTooLarge, id="more"),
        pytest.param([NEW[:3]], InvalidRequest, id="less"),
        pytest.param([OLD], InvalidRequest, id="other bytes"),
    ],
)
def test_part_when_wrong_leaves_the_one_before_and_nothing_aside(store, upload_id, chunks, error):
    with pytest.raises(error):
        store.parts.receive(link_to(store, upload_id, NEW), chunks)
    assert [part.sha256 for part in store.parts.list(KEY, upload_id)] == [digest(OLD)]
    names = sorted(path.name for path in store.parts._folder(upload_id).iterdir())
    assert names == [f"00001-9-{digest(OLD)}", "bytes", "key"]


def test_begin_when_the_key_leaves_the_folder_is_refused(store):
    with pytest.raises(ObjectMissing):
        store.parts.begin("../secret")


def test_begin_when_the_folder_cannot_be_made_says_so(tmp_path):
    (tmp_path / "store").write_bytes(b"a file in the folder's place")
    with pytest.raises(StorageUnavailable):
        LocalStore(tmp_path / "store").parts.begin(KEY)


def test_parts_folder_when_named_as_a_key_is_nothing(store, upload_id):
    with pytest.raises(ObjectMissing):
        store.read(f".parts/{upload_id}/bytes")
    assert list(store.list("")) == []
    assert list(store.list(".parts/")) == []


def test_list_begun_when_one_is_joined_meanwhile_passes_over_it(store, upload_id):
    store.parts.begin("incoming/z")
    walk = store.parts.list_begun()
    first = next(walk)
    for each in store.parts.list_begun():
        store.parts.abort(each.key, each.upload_id)
    assert first.upload_id
    assert list(walk) == []
