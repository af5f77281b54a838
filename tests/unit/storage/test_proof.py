from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.exceptions import StorageUnavailable, StorageUnsuitable
from artifacts.models import BucketProof
from artifacts.storage import proof
from artifacts.storage.abilities import ALL, Gravity, Shortfall, abilities_with
from artifacts.storage.s3 import S3Store

pytestmark = pytest.mark.django_db
OVERWRITES = Shortfall("creates_once", Gravity.REPLACED, "It overwrites.", "Rows.", "8 of 8")
HEADLESS = Shortfall("answers_head", Gravity.SAID, "It has no HEAD.", "GET.", "403")
WHOLE_ONLY = Shortfall("reads_ranges", Gravity.REFUSED, "It gives no parts.", "Nothing.", "200")


@pytest.fixture
def tried(settings, monkeypatch):
    """A bucket on S3; what is found when it is tried, and how often it was."""

    class Tried:
        found = (OVERWRITES, HEADLESS)
        times = 0

        def __call__(self):
            self.times += 1
            if isinstance(self.found, Exception):
                raise self.found
            return self.found

    tried = Tried()
    settings.REGISTRY_STORAGE = "s3"
    options = {"bucket_name": "bytes", "region_name": "eu-west-1", "endpoint_url": None}
    settings.STORAGES = {
        **settings.STORAGES, "default": {"BACKEND": "none", "OPTIONS": options},
    }  # fmt: skip
    monkeypatch.setattr(proof, "try_bucket", tried)
    return tried


def forget():
    """As another process would begin."""
    proof._known.clear()


def test_abilities_when_nobody_tried_then_tried_once_for_all_processes(tried):
    for _ in range(2):
        assert proof.abilities() == abilities_with((OVERWRITES,))
        forget()
    assert tried.times == 1
    assert list(proof.known_shortfalls()) == [OVERWRITES, HEADLESS]


def test_abilities_when_known_then_the_database_is_not_asked(tried, django_assert_num_queries):
    proof.abilities()
    with django_assert_num_queries(0):
        assert proof.abilities().creates_once is False


def test_abilities_when_another_bucket_is_set_then_tried_anew(tried, settings):
    proof.abilities()
    settings.STORAGES["default"]["OPTIONS"]["bucket_name"] = "other"
    tried.found = ()
    assert proof.abilities() == ALL
    assert BucketProof.objects.count() == 2


def test_abilities_when_the_bucket_is_silent_then_nothing_is_remembered(tried):
    tried.found = StorageUnavailable("The bucket does not answer. Try again later.")
    with pytest.raises(StorageUnavailable):
        proof.abilities()
    assert not BucketProof.objects.exists()
    tried.found = ()
    assert proof.abilities() == ALL


def test_abilities_when_refused_then_tried_again_after_a_while_and_not_before(tried):
    tried.found = (WHOLE_ONLY,)
    assert proof.abilities().refusal == "It gives no parts."
    forget()
    tried.found = ()
    assert proof.abilities().refusal == "It gives no parts."
    forget()
    BucketProof.objects.update(proved_at=timezone.now() - timedelta(minutes=2))
    assert proof.abilities() == ALL


def test_abilities_when_another_request_tries_the_bucket_then_waits_only_so_long(tried, set_limits):
    set_limits(BUCKET_PROOF_WAIT_S=0.0)
    with proof._proving, pytest.raises(StorageUnavailable, match="being tried"):
        proof.abilities()
    assert proof.abilities().creates_once is False


def test_shortfalls_when_files_are_local_then_none_and_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert proof.known_shortfalls() == ()
        assert proof.prove_bucket() == ()


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.create("a", b"x", "text/plain"),
        lambda store: store.replace("a", b"x", "text/plain"),
        lambda store: store.join(["a"], "b", "text/plain"),
        lambda store: store.compares_digests,
        lambda store: store.parts.begin("a"),
    ],
    ids=["create", "replace", "join", "upload at once", "upload in parts"],
)
def test_store_when_the_bucket_is_refused_then_writes_nothing_and_says_why(write, monkeypatch):
    from storages.backends.s3 import S3Storage

    refused = abilities_with((WHOLE_ONLY,))
    # Nothing listens there: a request would end in other words.
    storage = S3Storage(bucket_name="bytes", endpoint_url="http://127.0.0.1:9", region_name="x")
    store = S3Store(storage, lambda: refused)
    monkeypatch.setattr(store, "stat", lambda key: pytest.fail("asked for the size"), raising=True)
    with pytest.raises(StorageUnsuitable, match="It gives no parts"):
        write(store)
