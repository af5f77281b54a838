"""What every bucket must do with objects that clients send in parts, asked of each of them."""

import hashlib
import time
from datetime import UTC, datetime, timedelta
from urllib import error, request

import pytest

from artifacts.exceptions import ObjectMissing, PartsMismatch, RegistryError
from artifacts.storage.base import StoredPart, UploadPart
from artifacts.storage.links import read_part
from artifacts.storage.local import LocalStore
from artifacts.storage.s3 import S3Store
from tests.contract.conftest import TRIED, make_store
from tests.fakes.storage import FakeStore

KEY = "incoming/upload-1.zip"
# S3 takes no smaller part than this but the last one.
PART_BYTES = 5 * 1_024 * 1_024
ONE, TWO = bytes(range(256)) * (PART_BYTES // 256), b"the last part"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def planned(number: int, data: bytes) -> UploadPart:
    return UploadPart(number, (number - 1) * PART_BYTES, len(data), digest(data))


def send(store, upload_id: str, part: UploadPart, data: bytes) -> bool:
    """Send bytes to where a part may be sent; whether they were taken."""
    target = store.parts.target(KEY, upload_id, part, expires_s=60)
    assert target.method == "PUT"
    if isinstance(store, FakeStore):
        return store.parts.receive(target.url, data)
    if isinstance(store, LocalStore):
        link = read_part(target.url.rpartition("/")[2])
        try:
            store.parts.receive(link, [data[:7], data[7:]])
        except RegistryError:
            return False
        return True
    asked = request.Request(target.url, data, {"Content-Type": "", **target.headers}, method="PUT")
    try:
        request.urlopen(asked, timeout=30).close()
    except error.HTTPError as refused:
        refused.close()
        return False
    except error.URLError:
        return False  # It refuses before all has arrived, and closes the connection.
    return True


PARAMS = ["local", "memory", pytest.param("seaweed", marks=pytest.mark.s3)]


@pytest.fixture(params=["tried"] if TRIED else PARAMS)
def store(request, tmp_path):
    """Without moto as it is, which does not tell that it compares no checksums."""
    return make_store(request, tmp_path)


@pytest.fixture
def comparing(store):
    """Where the bucket compares nothing, `services.content.upload_checks` does."""
    if not store.compares_digests:
        pytest.skip("this server compares no digests, and says so when it is tried")


@pytest.fixture
def upload_id(store) -> str:
    return store.parts.begin(KEY)


@pytest.fixture
def sent(store, upload_id) -> str:
    """An object whose two parts arrived, the last one first."""
    assert send(store, upload_id, planned(2, TWO), TWO)
    assert send(store, upload_id, planned(1, ONE), ONE)
    return upload_id


def test_parts_when_they_arrived_are_listed_and_nothing_is_visible(store, sent):
    found = store.parts.list(KEY, sent)
    assert [(part.number, part.size_bytes) for part in found] == [(1, PART_BYTES), (2, 13)]
    assert {part.sha256 for part in found} <= {"", digest(ONE), digest(TWO)}
    assert list(store.list("")) == []


def test_parts_when_none_arrived_are_an_empty_list(store, upload_id):
    assert store.parts.list(KEY, upload_id) == []


def test_parts_when_joined_are_the_object(store, sent):
    store.parts.join(KEY, sent, [digest(ONE), digest(TWO)])
    assert store.read(KEY) == ONE + TWO
    assert [found.key for found in store.list("")] == [KEY]
    assert list(store.parts.list_begun()) == []


def test_parts_when_their_digests_are_not_stated_then_joined_as_they_came(store):
    upload_id = store.parts.begin(KEY, content_type="text/plain", states_digests=False)
    for number, data in ((2, TWO), (1, ONE)):
        unstated = UploadPart(number, (number - 1) * PART_BYTES, len(data), "")
        assert send(store, upload_id, unstated, data)
    with pytest.raises(PartsMismatch):
        store.parts.join(KEY, upload_id, ["", "", ""])
    store.parts.join(KEY, upload_id, ["", ""])
    assert store.read(KEY) == ONE + TWO


def test_parts_when_joined_twice_stay_joined(store, sent):
    for _ in range(2):
        store.parts.join(KEY, sent, [digest(ONE), digest(TWO)])
    assert store.stat(KEY).size_bytes == PART_BYTES + 13


def test_part_when_sent_again_takes_the_place_of_the_first(store, sent):
    other = b"another last part"
    if isinstance(store, S3Store):
        time.sleep(1.1)  # its dates have whole seconds, and this server lists both attempts
    assert send(store, sent, planned(2, other), other)
    store.parts.join(KEY, sent, [digest(ONE), digest(other)])
    assert store.read(KEY) == ONE + other


@pytest.mark.usefixtures("comparing")
def test_join_when_a_part_was_sent_anew_never_joins_other_bytes_than_named(store, sent):
    """S3 keeps the last attempt at a part; others keep each, and join the one that is named."""
    other = b"another last part"
    assert send(store, sent, planned(2, other), other)
    try:
        store.parts.join(KEY, sent, [digest(ONE), digest(TWO)])
    except PartsMismatch:
        assert list(store.list("")) == []
    else:
        assert store.read(KEY) == ONE + TWO


@pytest.mark.usefixtures("comparing")
@pytest.mark.parametrize(
    "digests",
    [
        pytest.param([digest(ONE), digest(b"x")], id="another digest"),
        pytest.param([digest(ONE), digest(TWO), digest(b"x")], id="a part too many"),
    ],
)
def test_join_when_a_part_is_missing_or_another_says_so_and_joins_nothing(store, sent, digests):
    with pytest.raises(PartsMismatch):
        store.parts.join(KEY, sent, digests)
    assert list(store.list("")) == []
    assert len(store.parts.list(KEY, sent)) == 2


@pytest.mark.usefixtures("comparing")
def test_part_when_other_bytes_arrive_is_refused(store, upload_id):
    assert not send(store, upload_id, planned(1, TWO), b"the evil part")
    assert not send(store, upload_id, planned(1, TWO), TWO + b"and more")
    assert not send(store, upload_id, planned(1, TWO), TWO[:-1])
    assert store.parts.list(KEY, upload_id) == []
    assert send(store, upload_id, planned(1, TWO), TWO)
    assert [part.number for part in store.parts.list(KEY, upload_id)] == [1]


def test_abort_when_parts_arrived_leaves_nothing(store, sent):
    for _ in range(2):
        store.parts.abort(KEY, sent)
    assert list(store.parts.list_begun()) == []
    with pytest.raises(ObjectMissing):
        store.parts.list(KEY, sent)
    with pytest.raises(ObjectMissing):
        store.parts.join(KEY, sent, [digest(ONE), digest(TWO)])
    assert not send(store, sent, planned(1, ONE), ONE)


def test_list_begun_when_some_are_open_tells_key_id_and_date(store, upload_id):
    if isinstance(store, S3Store) and not store.lists_begun:
        pytest.skip("this server lists nothing that was begun, and says so when it is tried")
    other = store.parts.begin("incoming/other.zip")
    found = {(each.key, each.upload_id): each.begun_at for each in store.parts.list_begun()}
    assert set(found) == {(KEY, upload_id), ("incoming/other.zip", other)}
    age = datetime.now(UTC) - found[KEY, upload_id]
    assert timedelta(seconds=-5) < age < timedelta(minutes=1)


@pytest.mark.parametrize("is_taken", [False, True])
def test_copy_when_the_key_is_taken_leaves_what_is_there(store, sent, is_taken):
    store.parts.join(KEY, sent, [digest(ONE), digest(TWO)])
    if is_taken:
        store.create("uploads/x.zip", b"first", "application/zip")
    assert store.copy(KEY, "uploads/x.zip") is not is_taken
    assert store.read("uploads/x.zip") == (b"first" if is_taken else ONE + TWO)
    store.delete([KEY])
    assert [found.key for found in store.list("")] == ["uploads/x.zip"]


def test_copy_when_there_is_nothing_says_so(store):
    with pytest.raises(ObjectMissing):
        store.copy("incoming/none", "uploads/x.zip")


def test_stored_part_when_the_store_tells_its_digest_is_compared_early(store, sent):
    told = [part for part in store.parts.list(KEY, sent) if part.sha256]
    assert told in ([], [StoredPart(1, PART_BYTES, digest(ONE)), StoredPart(2, 13, digest(TWO))])
