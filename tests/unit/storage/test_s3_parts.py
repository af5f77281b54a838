"""What only S3 can get wrong with parts. The rest is in the protocol test."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from artifacts.exceptions import ObjectMissing, PartsMismatch, StorageUnavailable
from artifacts.storage.base import UploadPart
from tests.unit.storage.test_s3 import answering, refusal, store

pytestmark = pytest.mark.slow

__all__ = ["store"]
KEY, ID = "incoming/upload-1.zip", "an upload id"
DIGEST, CHECKSUM = "00" * 32, "A" * 43 + "="
SILENCE = ReadTimeoutError(endpoint_url="x")


class Pages:
    """A paginator that gives one page, or fails."""

    def __init__(self, answer):
        self.answer = answer

    def paginate(self, **_given):
        if isinstance(self.answer, Exception):
            raise self.answer
        return [self.answer]


def listing(monkeypatch, store, answer):
    for client in (store.client, store.quick_client):
        monkeypatch.setattr(client, "get_paginator", lambda _name: Pages(answer))


def part(number, *, at_s=0, **more):
    sent_at = datetime.fromtimestamp(at_s, UTC)
    return {"PartNumber": number, "ETag": f"e{number}", "Size": 5, "LastModified": sent_at} | more


def test_target_when_made_signs_size_and_digest(store):
    target = store.parts.target(KEY, ID, UploadPart(3, 32, 5, DIGEST), expires_s=60)
    assert target.headers == {"x-amz-checksum-sha256": CHECKSUM}
    assert "content-length%3Bhost%3Bx-amz-checksum-sha256" in target.url
    assert "partNumber=3" in target.url


@pytest.mark.parametrize("order", [1, -1], ids=["as sent", "the other way round"])
def test_list_when_a_part_was_sent_twice_tells_the_newest(monkeypatch, store, order):
    found = [part(2), part(1, ChecksumSHA256=CHECKSUM), part(2, at_s=1, Size=7)][::order]
    listing(monkeypatch, store, {"Parts": found})
    parts = store.parts.list(KEY, ID)
    assert [(each.number, each.size_bytes) for each in parts] == [(1, 5), (2, 7)]
    assert [each.sha256 for each in parts] == [DIGEST, ""]


def test_join_when_made_names_tag_and_checksum_of_each_part(monkeypatch, store):
    listing(monkeypatch, store, {"Parts": [part(1), part(2)]})
    seen = answering(monkeypatch, store, "complete_multipart_upload", {})
    store.parts.join(KEY, ID, [DIGEST, DIGEST])
    assert seen[0]["MultipartUpload"]["Parts"] == [
        {"PartNumber": number, "ETag": f"e{number}", "ChecksumSHA256": CHECKSUM}
        for number in (1, 2)
    ]


def test_join_when_s3_tells_another_checksum_asks_for_nothing(monkeypatch, store):
    listing(monkeypatch, store, {"Parts": [part(1, ChecksumSHA256="B" * 43 + "=")]})
    with pytest.raises(PartsMismatch):
        store.parts.join(KEY, ID, [DIGEST])


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(refusal("BadDigest"), PartsMismatch, id="checksum"),
        pytest.param(refusal("InvalidPart"), PartsMismatch, id="tag"),
        pytest.param(refusal("EntityTooSmall"), PartsMismatch, id="too small"),
        pytest.param(refusal("AccessDenied"), StorageUnavailable, id="denied"),
        pytest.param(SILENCE, StorageUnavailable, id="silence"),
    ],
)
def test_join_when_s3_refuses_says_why(monkeypatch, store, error, expected):
    listing(monkeypatch, store, {"Parts": [part(1)]})
    answering(monkeypatch, store, "complete_multipart_upload", error)
    with pytest.raises(expected):
        store.parts.join(KEY, ID, [DIGEST])


@pytest.mark.parametrize("is_there", [True, False])
def test_join_when_it_was_joined_before_looks_for_the_object(monkeypatch, store, is_there):
    head = {"ContentLength": 5, "LastModified": None} if is_there else refusal("404")
    listing(monkeypatch, store, {"Parts": [part(1)]})
    answering(monkeypatch, store, "complete_multipart_upload", refusal("NoSuchUpload"))
    answering(monkeypatch, store, "head_object", head)
    if is_there:
        store.parts.join(KEY, ID, [DIGEST])
    else:
        with pytest.raises(ObjectMissing):
            store.parts.join(KEY, ID, [DIGEST])


@pytest.mark.parametrize("error", [refusal("AccessDenied"), SILENCE], ids=["denied", "silence"])
def test_parts_when_s3_does_not_answer_say_so(monkeypatch, store, error):
    listing(monkeypatch, store, error)
    for name in ("create_multipart_upload", "abort_multipart_upload"):
        answering(monkeypatch, store, name, error)
    for call in (
        lambda: store.parts.begin(KEY),
        lambda: store.parts.list(KEY, ID),
        lambda: store.parts.abort(KEY, ID),
        lambda: list(store.parts.list_begun()),
    ):
        with pytest.raises(StorageUnavailable):
            call()


def test_abort_when_it_is_gone_does_not_mind(monkeypatch, store):
    aborted = answering(monkeypatch, store, "abort_multipart_upload", refusal("NoSuchUpload"))
    store.parts.abort(KEY, ID)
    assert aborted[0]["UploadId"] == ID


def test_copy_when_a_range_fails_aborts_and_says_so(monkeypatch, store):
    head = {"ContentLength": 5, "ContentType": "application/zip"}
    answering(monkeypatch, store, "head_object", head)
    answering(monkeypatch, store, "create_multipart_upload", {"UploadId": "c"})
    answering(monkeypatch, store, "upload_part_copy", refusal("InternalError"))
    aborted = answering(monkeypatch, store, "abort_multipart_upload", {})
    with pytest.raises(StorageUnavailable, match="InternalError"):
        store.copy(KEY, "uploads/x.zip")
    assert [given["UploadId"] for given in aborted] == ["c"]


def test_refusal_is_an_error_of_s3():
    assert isinstance(refusal("x"), ClientError)
