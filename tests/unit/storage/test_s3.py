"""What only S3 has: presigned addresses, patience, and errors. The rest is in the protocol test."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from storages.backends.s3 import S3Storage

from artifacts.exceptions import (
    ContentTooLarge,
    ObjectMissing,
    StorageFull,
    StorageUnavailable,
)
from artifacts.limits import S3_PART_BYTES, S3_UPLOAD_MAX_BYTES
from artifacts.storage.base import StorageSilent
from artifacts.storage.s3 import S3Store
from artifacts.storage.s3_errors import translate

pytestmark = pytest.mark.slow

TYPE = "application/octet-stream"


def refusal(code, retries=0):
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"RetryAttempts": retries}}
    return ClientError(answer, "PutObject")


@pytest.fixture
def store():
    """A store whose client reaches nothing."""
    storage = S3Storage(
        bucket_name="bucket",
        endpoint_url="http://127.0.0.1:9",
        region_name="eu-central-1",
        access_key="AKEXAMPLE",
        secret_key="secret",
        signature_version="s3v4",
        addressing_style="path",
    )
    return S3Store(storage)


def answering(monkeypatch, store, method, *answers):
    """Let a method of either client give these answers in turn."""
    left, seen = list(answers), []

    def answer(**given):
        seen.append(given)
        current = left.pop(0)
        if isinstance(current, Exception):
            raise current
        return current

    for client in (store.client, store.quick_client):
        monkeypatch.setattr(client, method, answer)
    return seen


def test_client_when_made_has_bounds(store):
    config = store.client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (3.0, 20.0)
    assert config.max_pool_connections == 50
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert config.signature_version == "s3v4"
    assert config.s3["addressing_style"] == "path"


def test_quick_client_when_the_bucket_hangs_ends_within_ten_seconds(store):
    config = store.quick_client.meta.config
    attempts = config.retries["total_max_attempts"]
    # botocore: a second for "100 Continue" within each attempt, and at most one between two.
    assert attempts * (config.read_timeout + 1.0) + (attempts - 1) * 1.0 <= 10
    assert config.connect_timeout <= config.read_timeout
    assert config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(
    ("status", "code", "ahead_s", "said"),
    [
        (403, "AccessDenied", 0, "refuses the registry (AccessDenied). An operator has to check"),
        (403, "403", 0, "refuses the registry (403). An operator has to check"),
        (403, "403", 890, "refuses the registry (403). An operator has to check"),
        (403, "403", 3_600, "3,600 s ahead of the bucket's. An operator has to set that clock."),
        (403, "403", -3_600, "3,600 s behind the bucket's. An operator has to set that clock."),
        (403, "RequestTimeTooSkewed", 901, "901 s ahead of the bucket's."),
        (500, "500", 3_600, "does not answer as it should (500). Try again later."),
        (503, "SlowDown", 0, "does not answer as it should (SlowDown). Try again later."),
    ],
)
def test_refusal_when_translated_then_tells_who_has_to_do_what(
    monkeypatch, status, code, ahead_s, said
):
    theirs = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("time.time", lambda: theirs.timestamp() + ahead_s)
    date = format_datetime(theirs, usegmt=True)
    metadata: Any = {"HTTPStatusCode": status, "HTTPHeaders": {"date": date}}
    error = ClientError({"Error": {"Code": code}, "ResponseMetadata": metadata}, "HeadObject")
    assert said in translate(error, "a/b").message


def test_refusal_when_there_are_no_credentials_then_says_so():
    assert "(NoCredentialsError). An operator" in translate(NoCredentialsError(), "a/b").message


def test_probe_when_nothing_answers_gives_up_at_once(store):
    config = store._probing_client.meta.config
    assert config.connect_timeout + config.read_timeout <= 2.0
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}
    with pytest.raises(StorageUnavailable, match="EndpointConnectionError"):
        store.probe()


def test_download_url_when_made_signs_name_and_type(store):
    url = store.download_url("a/b", filename="ä.zip", content_type="application/zip", expires_s=60)
    query = parse_qs(urlsplit(url).query)
    assert urlsplit(url).path == "/bucket/a/b"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert "/eu-central-1/s3/" in query["X-Amz-Credential"][0]
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-type"] == ["application/zip"]
    assert query["response-content-disposition"] == [
        "attachment; filename=\"a.zip\"; filename*=UTF-8''%C3%A4.zip"
    ]


def test_upload_target_when_made_signs_size_and_digest(store):
    target = store.upload_target("a/b", size_bytes=5, sha256="00" * 32, expires_s=60)
    signed = parse_qs(urlsplit(target.url).query)["X-Amz-SignedHeaders"][0].split(";")
    assert {"content-length", "content-type", "x-amz-checksum-sha256"} <= set(signed)
    assert target.headers["x-amz-checksum-sha256"] == "A" * 43 + "="
    assert target.method == "PUT"


def test_upload_target_when_too_large_for_one_put_is_refused(store):
    assert store.upload_target(
        "a", size_bytes=S3_UPLOAD_MAX_BYTES, sha256="00" * 32, expires_s=60
    ).url
    with pytest.raises(ContentTooLarge, match="5,000,000,000"):
        store.upload_target("a", size_bytes=S3_UPLOAD_MAX_BYTES + 1, sha256="00" * 32, expires_s=60)


def test_create_when_contested_asks_again(monkeypatch, store):
    seen = answering(monkeypatch, store, "put_object", refusal("ConditionalRequestConflict"), {})
    assert store.create("a", b"x", TYPE) is True
    assert len(seen) == 2
    assert {given["IfNoneMatch"] for given in seen} == {"*"}


@pytest.mark.parametrize("is_own", [True, False])
def test_create_when_contested_with_what_it_sent_itself_then_it_wrote_it(
    monkeypatch, store, is_own
):
    """The first answer is late, the second attempt meets the first, and a third finds it done."""
    seen = answering(
        monkeypatch, store, "put_object",
        refusal("ConditionalRequestConflict", retries=1), refusal("PreconditionFailed"),
    )  # fmt: skip

    def look(**_given):
        return {"Metadata": {"writer": seen[0]["Metadata"]["writer"] if is_own else "another"}}

    monkeypatch.setattr(store.quick_client, "head_object", look)
    assert store.create("a", b"x", TYPE) is is_own


def test_create_when_always_contested_gives_up(monkeypatch, store):
    answering(monkeypatch, store, "put_object", *[refusal("409")] * 3)
    with pytest.raises(StorageUnavailable):
        store.create("a", b"x", TYPE)


@pytest.mark.parametrize("is_own", [True, False])
def test_create_when_an_answer_was_lost_looks_whose_object_it_is(monkeypatch, store, is_own):
    seen = answering(monkeypatch, store, "put_object", refusal("PreconditionFailed", retries=1))

    def head(**_):
        writer = seen[0]["Metadata"]["writer"] if is_own else "another"
        return {"Metadata": {"writer": writer}}

    monkeypatch.setattr(store.quick_client, "head_object", head)
    assert store.create("a", b"x", TYPE) is is_own


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(refusal("NoSuchKey"), ObjectMissing, id="no such key"),
        pytest.param(refusal("404"), ObjectMissing, id="HEAD has no words"),
        pytest.param(refusal("NoSuchBucket"), StorageUnavailable, id="no such bucket"),
        pytest.param(refusal("AccessDenied"), StorageUnavailable, id="denied"),
        pytest.param(refusal("SlowDown"), StorageSilent, id="slow down"),
        pytest.param(refusal("QuotaExceeded"), StorageFull, id="quota"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), StorageSilent, id="silence"),
        pytest.param(EndpointConnectionError(endpoint_url="x"), StorageSilent, id="not reached"),
    ],
)
def test_error_of_the_bucket_when_it_comes_is_translated(monkeypatch, store, error, expected):
    answering(monkeypatch, store, "get_object", error)
    with pytest.raises((ObjectMissing, StorageUnavailable)) as caught:
        store.read("a")
    assert type(caught.value) is expected


def test_create_when_refused_for_another_reason_raises(monkeypatch, store):
    answering(monkeypatch, store, "put_object", refusal("AccessDenied"))
    with pytest.raises(StorageUnavailable, match="AccessDenied"):
        store.create("a", b"x", TYPE)


def test_delete_when_some_are_refused_raises(monkeypatch, store):
    answering(monkeypatch, store, "delete_objects", {"Errors": [{"Key": "a"}]})
    with pytest.raises(StorageUnavailable, match="1 objects"):
        store.delete(["a", "b"])


def test_writer_when_a_part_fails_removes_what_was_sent(monkeypatch, store):
    answering(monkeypatch, store, "create_multipart_upload", {"UploadId": "u"})
    answering(monkeypatch, store, "upload_part", refusal("InternalError"))
    aborted = answering(monkeypatch, store, "abort_multipart_upload", refusal("NoSuchUpload"))
    with pytest.raises(StorageUnavailable, match="InternalError"), store.writer(TYPE) as writer:
        writer.write(bytes(S3_PART_BYTES))
    assert [given["UploadId"] for given in aborted] == ["u"]


def test_writer_when_the_copy_fails_removes_copy_and_original(monkeypatch, store):
    answering(monkeypatch, store, "create_multipart_upload", {"UploadId": "u"}, {"UploadId": "c"})
    answering(monkeypatch, store, "upload_part", {"ETag": "1"})
    answering(monkeypatch, store, "complete_multipart_upload", {})
    answering(monkeypatch, store, "upload_part_copy", refusal("InternalError"))
    aborted = answering(monkeypatch, store, "abort_multipart_upload", {})
    deleted = answering(monkeypatch, store, "delete_objects", {})

    def send():
        with store.writer(TYPE) as writer:
            writer.write(bytes(S3_PART_BYTES))
            writer.commit("blobs/one")

    with pytest.raises(StorageUnavailable, match="InternalError"):
        send()
    assert [given["UploadId"] for given in aborted] == ["c"]
    assert deleted[0]["Delete"]["Objects"][0]["Key"].startswith("incoming/")
