"""What is found out about a bucket that lies, and what the registry does there all the same."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from django.db import connection

from artifacts.exceptions import CredentialsEnded, StorageFull, StorageUnavailable
from artifacts.limits import S3_PART_BYTES
from artifacts.models import KeyClaim
from artifacts.storage.abilities import ALL, NONE
from artifacts.storage.base import StorageSilent
from artifacts.storage.local import LocalStore
from artifacts.storage.once import sole_writer
from artifacts.storage.promises import PROMISES, prove
from artifacts.storage.s3 import S3Store
from tests.contract.conftest import s3_store
from tests.fakes import careless_s3

TYPE = "application/octet-stream"
# moto itself compares no digests and no signatures, and dates what is begun in parts at 2010.
OF_MOTO = {"compares_digests", "compares_parts", "lists_begun", "stays_private"}
LIES = [
    ("conditions", {"creates_once", "joins_once"}),
    ("deletes_many", {"deletes_many"}),
    ("copies", {"copies", "joins_once"}),
    ("ranges", {"reads_ranges", "hands_out_ranges"}),
    ("heads", {"answers_head"}),
]
REPLACED = ("conditions", "digests", "deletes_many", "copies", "begun")


@pytest.fixture(scope="module")
def careless(s3_endpoint):
    with careless_s3.serve(s3_endpoint) as server:
        yield server


@pytest.fixture(scope="module")
def storage(careless):
    """A bucket on the server; its clients take long to make."""
    return s3_store(careless.url)._clients._storage


@pytest.fixture
def trusting(storage, careless):
    careless.lies = set()
    return S3Store(storage, lambda: ALL)


@pytest.fixture
def cautious(storage):
    return S3Store(storage, lambda: NONE, sole_writer)


def lacks(trusting, cautious) -> set[str]:
    return {each.promise for each in prove(trusting, cautious)}


@pytest.mark.s3
@pytest.mark.parametrize(("lie", "expected"), LIES, ids=[lie for lie, _ in LIES])
def test_proof_when_the_server_lies_then_finds_that_and_nothing_else(
    careless, trusting, cautious, lie, expected
):
    careless.lies = {lie}
    assert lacks(trusting, cautious) == expected | OF_MOTO
    assert [found.key for found in cautious.list("registry/")] == []


@pytest.mark.s3
@pytest.mark.parametrize(
    ("lie", "raised"), [("credentials", CredentialsEnded), ("full", StorageFull)]
)
def test_proof_when_the_bucket_takes_nothing_then_says_nothing_of_what_it_can(
    careless, trusting, cautious, lie, raised
):
    careless.lies = {lie}
    with pytest.raises(raised):
        prove(trusting, cautious)


@pytest.mark.s3
def test_proof_when_nothing_answers_then_says_nothing_of_what_it_can(trusting, monkeypatch):
    store = trusting
    monkeypatch.setattr(store, "probe", lambda: None)

    def refuse(*_given):
        raise StorageSilent("nothing came back")

    monkeypatch.setattr(store, "stat", refuse)
    with pytest.raises(StorageSilent):
        prove(store, store)


def test_proof_when_files_are_local_then_all_that_is_about_them_is_kept(tmp_path):
    store = LocalStore(tmp_path / "bucket")
    assert prove(store, store) == ()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_proof_when_the_folder_cannot_be_written_then_a_sentence(tmp_path):
    (tmp_path / "bucket").write_text("a file in its place")
    store = LocalStore(tmp_path / "bucket")
    with pytest.raises(StorageUnavailable, match="The folder where the registry keeps its files"):
        prove(store, store)


def test_promises_when_they_have_another_way_then_an_ability_says_so():
    replaced = {each.name for each in PROMISES if each.gravity == "replaced"}
    assert replaced == set(vars(ALL)) - {"refusal"}
    assert all(each.lack.endswith(".") and each.remedy.endswith(".") for each in PROMISES)


@pytest.mark.s3
class TestOtherWays:
    """The worst server that is taken: all that can be replaced is."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def store(self, careless, trusting, storage):
        careless.lies = set(REPLACED)
        return S3Store(storage, lambda: NONE, sole_writer)

    def test_create_when_the_key_is_taken_leaves_what_is_there(self, store):
        assert store.create("once/a", b"one", TYPE) is True
        assert store.create("once/a", b"two", TYPE) is False
        assert store.read("once/a") == b"one"
        assert not KeyClaim.objects.exists()

    def test_create_when_eight_race_lets_one_win(self, store):
        def create(number):
            try:
                return store.create("once/race", b"%d" % number, TYPE)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(create, range(8)))
        assert won.count(True) == 1
        assert store.read("once/race") == b"%d" % won.index(True)

    def test_join_when_the_key_is_taken_leaves_what_is_there(self, store):
        first = b"x" * (S3_PART_BYTES + 1)
        store.replace("pieces/1", first, TYPE)
        store.replace("pieces/2", b"the end", TYPE)
        assert store.join(["pieces/1", "pieces/2"], "joined", TYPE) is True
        assert store.join(["pieces/2"], "joined", TYPE) is False
        assert hashlib.sha256(store.read("joined")).digest() == (
            hashlib.sha256(first + b"the end").digest()
        )

    def test_delete_when_batches_are_refused_then_one_by_one(self, store):
        keys = [f"many/{number}" for number in range(3)]
        for key in keys:
            store.replace(key, b"x", TYPE)
        assert store.delete([*keys, "many/none"]) == 4
        assert list(store.list("many/")) == []

    def test_parts_begun_when_they_cannot_be_listed_then_none(self, store):
        assert list(store.parts.list_begun()) == []


@pytest.mark.django_db(transaction=True)
def test_sole_writer_when_the_bucket_is_silent_keeps_the_key_until_the_right_lapses(set_limits):
    set_limits(KEY_CLAIM_WAIT_S=0.0)
    with pytest.raises(StorageSilent), sole_writer("a"):
        raise StorageSilent("What was sent may still arrive.")
    with pytest.raises(StorageUnavailable, match="being written"), sole_writer("a"):
        pytest.fail("the right was given twice")
    set_limits(KEY_CLAIM_LIFETIME_S=-1)
    with ExitStack() as stack:
        stack.enter_context(sole_writer("a"))


@pytest.mark.django_db(transaction=True)
def test_sole_writer_when_held_then_others_of_the_same_key_wait_and_of_others_do_not(set_limits):
    set_limits(KEY_CLAIM_WAIT_S=0.0)
    with sole_writer("a"):
        with sole_writer("b"):
            assert KeyClaim.objects.count() == 2
        with pytest.raises(StorageUnavailable), sole_writer("a"):
            pytest.fail("the right was given twice")
    with sole_writer("a"):
        assert KeyClaim.objects.count() == 1
