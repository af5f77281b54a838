import errno
import os
from pathlib import Path

import pytest

from artifacts.exceptions import ObjectMissing, StorageFull, StorageUnavailable
from artifacts.storage.local import LocalStore

TYPE = "application/octet-stream"


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "store")


@pytest.mark.parametrize(
    "key", ["../secret", "a/../../secret", "/etc/passwd", "a//b", "a/./b", "", "a\x00b"]
)
def test_key_when_it_leaves_the_folder_then_nothing_is_there(store, tmp_path, key):
    (tmp_path / "secret").write_bytes(b"secret")
    with pytest.raises(ObjectMissing):
        store.read(key)
    with pytest.raises(ObjectMissing):
        store.replace(key, b"x", TYPE)
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_list_when_prefix_leaves_the_folder_then_nothing_is_found(store, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    assert list(store.list("../")) == []


def test_stat_when_key_is_a_folder_then_object_is_missing(store):
    store.create("a/b", b"x", TYPE)
    with pytest.raises(ObjectMissing):
        store.stat("a")
    with pytest.raises(ObjectMissing):
        store.read("a/b/c")


def test_delete_when_folders_become_empty_removes_them_but_not_the_root(store):
    store.create("a/b/c", b"x", TYPE)
    store.create("a/d", b"x", TYPE)
    store.delete(["a/b/c"])
    assert sorted(path.name for path in (store.location / "a").iterdir()) == ["d"]
    store.delete(["a/d"])
    assert not (store.location / "a").exists()
    assert store.location.exists()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(errno.ENOSPC, StorageFull, id="no space"),
        pytest.param(errno.EDQUOT, StorageFull, id="quota"),
        pytest.param(errno.EIO, StorageUnavailable, id="broken disk"),
        pytest.param(errno.EACCES, StorageUnavailable, id="no right"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "link"])
def test_create_when_the_disk_refuses_says_so_and_leaves_nothing(
    store, monkeypatch, number, expected, call
):
    def refuse(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(StorageUnavailable) as caught:
        store.create("a/b", b"x", TYPE)
    assert type(caught.value) is expected
    monkeypatch.undo()
    assert list(store.list("")) == []


def test_list_when_a_folder_cannot_be_read_says_so(store, monkeypatch):
    store.create("a/b", b"x", TYPE)

    def refuse(_folder):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StorageUnavailable):
        list(store.list("a/"))


def test_create_when_the_folder_is_removed_meanwhile_makes_it_again(store, monkeypatch):
    real, calls = os.link, []

    def link(source, target):
        calls.append(target)
        if len(calls) == 1:
            Path(target).parent.rmdir()
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    assert store.create("a/b", b"x", TYPE) is True
    assert store.read("a/b") == b"x"
    assert len(calls) == 2


def test_create_when_the_folder_is_always_removed_gives_up(store, monkeypatch):
    def link(_source, _target):
        raise FileNotFoundError

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(StorageUnavailable):
        store.create("a/b", b"x", TYPE)


def test_writer_when_not_entered_says_how(store):
    with pytest.raises(ValueError, match="with"):
        store.writer(TYPE).write(b"x")


def test_writer_when_killed_leaves_its_file_where_orphans_are_looked_for(store):
    writer = store.writer(TYPE)
    writer.__enter__()
    writer.write(b"half")
    assert [found.key.partition("/")[0] for found in store.list("")] == ["incoming"]
    writer.__exit__(None)
    assert list(store.list("")) == []


def test_probe_when_the_folder_cannot_be_written_says_so(store, tmp_path):
    (tmp_path / "store").write_bytes(b"a file in the folder's place")
    with pytest.raises(StorageUnavailable):
        store.probe()
