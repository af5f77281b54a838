"""Conditions on content that the registry serves itself: RFC 9110, section 13."""

import pytest
from django.utils.http import http_date

from artifacts.rules.digest import Sha256
from artifacts.storage import links
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.functional.api.test_content import DATA, SHA256, client, code_of, link

__all__ = ["client", "link"]
EARLY, LATE = http_date(0), http_date(4_000_000_000)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": "W/{etag}"}, 304),
        ({"If-None-Match": '"a", "b,c" , {etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"another"'}, 200),
        ({"If-None-Match": '"another"', "If-Modified-Since": "{date}"}, 200),
        ({"If-None-Match": "{etag}", "If-Modified-Since": EARLY}, 304),
        ({"If-Modified-Since": "{date}"}, 304),
        ({"If-Modified-Since": LATE}, 304),
        ({"If-Modified-Since": EARLY}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Match": "{etag}"}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": '"another", {etag}'}, 200),
        ({"If-Match": '"another"'}, 412),
        ({"If-Match": "W/{etag}"}, 412),
        ({"If-Match": "nonsense"}, 412),
        ({"If-Match": "{etag}", "If-Unmodified-Since": EARLY}, 200),
        ({"If-Match": '"another"', "If-None-Match": "{etag}"}, 412),
        ({"If-Match": "{etag}", "If-None-Match": "{etag}"}, 304),
        ({"If-Unmodified-Since": "{date}"}, 200),
        ({"If-Unmodified-Since": EARLY}, 412),
        ({"If-Unmodified-Since": "yesterday"}, 200),
        ({"If-Unmodified-Since": EARLY, "If-None-Match": "{etag}"}, 412),
        ({"If-None-Match": "{etag}", "Range": "bytes=0-1"}, 304),
        ({"If-Match": '"another"', "Range": "bytes=9999-"}, 412),
    ],
)
def test_condition_when_sent_then_by_the_book(client, link, method, headers, status):
    whole = client.head(link)
    known = {"etag": whole["ETag"], "date": whole["Last-Modified"]}
    sent = {name: value.format(**known) for name, value in headers.items()}
    answer = client.generic(method, link, headers=sent)
    assert answer.status_code == status
    if status == 304:
        assert (answer["ETag"], answer["Last-Modified"]) == (known["etag"], known["date"])
        assert answer.content == b""
        assert "Content-Length" not in answer
    elif status == 412:
        assert method == "HEAD" or code_of(answer) == "precondition_failed"
    elif method == "GET":
        assert b"".join(answer) == DATA


def test_range_when_asked_of_head_then_ignored(client, link):
    answer = client.head(link, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer["Content-Length"]) == (200, "2048")


def test_etag_when_a_blob_then_its_digest(client):
    get_store().create(blob_key(Sha256(SHA256)), DATA, "application/octet-stream")
    path = links.sign_download(blob_key(Sha256(SHA256)), "weights", "application/octet-stream", 60)
    assert client.head(path)["ETag"] == f'"{SHA256}"'
