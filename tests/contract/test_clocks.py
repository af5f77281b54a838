"""What a real S3 server makes of clocks that differ from its own."""

import time
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from botocore.compat import get_current_datetime

from artifacts.exceptions import StorageUnavailable
from tests.contract.conftest import s3_store

pytestmark = pytest.mark.s3
TYPE = "application/octet-stream"
HOUR_S = 3_600


@pytest.fixture
def store(seaweed_endpoint):
    made = s3_store(seaweed_endpoint)
    made.create("a/b", b"bytes", TYPE)
    return made


@pytest.fixture
def set_clock(monkeypatch):
    """Let our clock be so many seconds ahead of the server's."""
    real_time, real_now = time.time, get_current_datetime

    def set_ahead(seconds):
        monkeypatch.setattr("time.time", lambda: real_time() + seconds)
        ahead = timedelta(seconds=seconds)
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: real_now() + ahead)

    return set_ahead


def status_at(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(
    ("ahead_s", "words"), [(HOUR_S, "s ahead of"), (-HOUR_S, "s behind")], ids=["ahead", "behind"]
)
@pytest.mark.parametrize("method", ["read", "stat", "probe"])
def test_call_when_our_clock_is_off_then_the_error_names_the_clock(
    store, set_clock, method, ahead_s, words
):
    set_clock(ahead_s)
    with pytest.raises(StorageUnavailable, match=words):
        getattr(store, method)(*(() if method == "probe" else ("a/b",)))
    set_clock(0)
    assert store.read("a/b") == b"bytes"


def test_link_when_its_time_is_over_then_refused_and_a_new_one_is_good(store, set_clock):
    def sign():
        return store.download_url("a/b", filename="b", content_type=TYPE, expires_s=60)

    set_clock(-120)
    old = sign()
    set_clock(0)
    assert status_at(old) == 403
    assert status_at(sign()) == 200


def test_probe_when_there_is_no_bucket_then_says_so(store):
    store.bucket = "another-bucket"
    with pytest.raises(StorageUnavailable, match=r"no bucket 'another-bucket'\. An operator"):
        store.probe()
