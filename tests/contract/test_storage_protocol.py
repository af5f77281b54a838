"""What every bucket must do, asked of each of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from artifacts.exceptions import ObjectMissing
from artifacts.limits import S3_PART_BYTES, S3_PART_MIN_BYTES

TYPE = "application/octet-stream"


def keys_of(store, prefix=""):
    return [found.key for found in store.list(prefix)]


def test_create_when_key_is_free_writes_and_says_so(store):
    assert store.create("a/b", b"one", TYPE) is True
    assert store.read("a/b") == b"one"


def test_create_when_key_is_taken_leaves_what_is_there(store):
    store.create("a/b", b"one", TYPE)
    assert store.create("a/b", b"two", TYPE) is False
    assert store.read("a/b") == b"one"


def test_create_when_sixteen_race_lets_one_win(store):
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: store.create("a/race", b"%d" % n, TYPE), range(16)))
    assert won.count(True) == 1
    assert store.read("a/race") == b"%d" % won.index(True)


def test_replace_when_key_is_taken_writes_over_it(store):
    store.create("a/b", b"one", TYPE)
    store.replace("a/b", b"two", TYPE)
    assert store.read("a/b") == b"two"


@pytest.mark.parametrize("method", ["read", "open", "stat"])
def test_missing_key_when_asked_for_raises_object_missing(store, method):
    with pytest.raises(ObjectMissing, match="a/none"):
        getattr(store, method)("a/none")


def test_stat_when_there_tells_size_and_an_aware_date(store):
    store.create("a/b", b"12345", TYPE)
    found = store.stat("a/b")
    assert (found.key, found.size_bytes) == ("a/b", 5)
    assert found.modified_at.tzinfo is not None


SIZES = [
    pytest.param(0, id="nothing"),
    pytest.param(3, id="a few bytes"),
    pytest.param(S3_PART_BYTES + 17, id="more than a part"),
]


@pytest.mark.parametrize("size", SIZES)
def test_writer_when_committed_makes_the_object(store, size):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    with store.writer(TYPE) as writer:
        for start in range(0, size, 5_000_000):
            writer.write(data[start : start + 5_000_000])
        assert keys_of(store, "blobs/") == []
        assert writer.commit("blobs/one") is True
    assert store.read("blobs/one") == data
    assert keys_of(store) == ["blobs/one"]


@pytest.mark.parametrize("size", SIZES)
def test_writer_when_key_is_taken_leaves_what_is_there(store, size):
    store.create("blobs/one", b"first", TYPE)
    with store.writer(TYPE) as writer:
        writer.write(b"x" * size)
        assert writer.commit("blobs/one") is False
    assert store.read("blobs/one") == b"first"
    assert keys_of(store) == ["blobs/one"]


@pytest.mark.parametrize("size", SIZES)
def test_writer_when_left_by_an_error_leaves_nothing(store, size):
    with pytest.raises(RuntimeError, match="broke off"), store.writer(TYPE) as writer:  # noqa: PT012  (it breaks off inside)
        writer.write(b"x" * size)
        raise RuntimeError("broke off")
    assert keys_of(store) == []


def test_open_when_sought_reads_from_there(store):
    data = bytes(range(256)) * 2_000
    store.create("a/b", data, TYPE)
    with store.open("a/b") as file:
        assert file.seek(-6, 2) == len(data) - 6
        assert file.read() == data[-6:]
        file.seek(300_000)
        assert file.read(70_000) == data[300_000:370_000]
        assert file.read(5) == data[370_000:370_005]
        file.seek(0)
        assert file.read() == data
        assert file.read(1) == b""


def test_list_when_keys_share_beginnings_keeps_the_order_of_bytes(store, request):
    keys = ["a-b/1", "a.txt", "a/1", "a/10", "a/2/x", "a/2-x", "a0", "b/1", "ä/1"]
    for key in keys:
        store.create(key, b"x", TYPE)
    found = keys_of(store)
    assert sorted(found) == sorted(keys)
    if "seaweed" in request.node.name or "tried" in request.node.name:
        pytest.skip("SeaweedFS lists folder by folder, unlike S3, which nothing rests on")
    assert found == sorted(keys, key=str.encode)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        pytest.param("a/", ["a/1", "a/2"], id="a folder"),
        pytest.param("a/1", ["a/1"], id="the start of a name"),
        pytest.param("a", ["a/1", "a/2", "ab/1"], id="the start of a folder"),
        pytest.param("none/", [], id="no such folder"),
    ],
)
def test_list_when_given_a_prefix_leaves_out_the_rest(store, prefix, expected):
    for key in ("a/1", "a/2", "ab/1", "b/1"):
        store.create(key, b"x", TYPE)
    assert keys_of(store, prefix) == expected


def test_list_when_over_a_page_goes_on(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.create(f"many/{n:04}", b"x", TYPE), range(1_003)))
    assert keys_of(store, "many/") == [f"many/{n:04}" for n in range(1_003)]
    assert store.delete(f"many/{n:04}" for n in range(1_003)) == 1_003
    assert keys_of(store) == []


def test_delete_when_keys_are_absent_does_not_mind(store):
    store.create("a/b", b"x", TYPE)
    assert store.delete(["a/b", "a/none"]) == 2
    assert keys_of(store) == []


def test_upload_target_when_asked_for_is_a_put(store):
    target = store.upload_target("uploads/x", size_bytes=1, sha256="ab" * 32, expires_s=60)
    assert target.method == "PUT"
    assert target.url


def test_plain_upload_target_when_asked_for_is_a_put_without_headers(store):
    target = store.plain_upload_target(
        "incoming/lfs-x", size_bytes=1, sha256="ab" * 32, expires_s=60
    )
    assert (target.method, dict(target.headers)) == ("PUT", {})
    assert target.url


def test_download_url_when_asked_for_is_an_address(store):
    store.create("a/b", b"x", TYPE)
    assert store.download_url("a/b", filename="x.zip", content_type=TYPE, expires_s=60)


def test_probe_when_the_place_answers_leaves_nothing(store):
    store.probe()
    assert keys_of(store) == []


def test_join_when_the_key_is_free_then_the_objects_one_behind_the_other(store):
    first = bytes(range(256)) * (S3_PART_MIN_BYTES // 256 + 1)
    for key, data in (("incoming/b", first), ("incoming/a", b"the end")):
        store.create(key, data, TYPE)
    assert store.join(["incoming/b", "incoming/a"], "blobs/one", TYPE) is True
    assert store.read("blobs/one") == first + b"the end"
    assert keys_of(store) == ["blobs/one", "incoming/a", "incoming/b"]


def test_join_when_the_key_is_taken_then_leaves_what_is_there(store):
    store.create("blobs/one", b"first", TYPE)
    store.create("incoming/a", b"second", TYPE)
    assert store.join(["incoming/a"], "blobs/one", TYPE) is False
    assert store.read("blobs/one") == b"first"


def test_join_when_of_nothing_then_an_empty_object(store):
    assert store.join([], "blobs/none", TYPE) is True
    assert store.read("blobs/none") == b""


def test_join_when_one_is_missing_then_said_and_nothing_made(store):
    store.create("incoming/a", b"x", TYPE)
    with pytest.raises(ObjectMissing):
        store.join(["incoming/a", "incoming/gone"], "blobs/one", TYPE)
    assert keys_of(store) == ["incoming/a"]
