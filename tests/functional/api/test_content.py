"""Signed links of the local store: downloads with ranges, uploads."""

import hashlib
import http.client
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import waitress.server
from django.test import Client
from django.utils.http import http_date

from artifacts.services.upkeep import activity
from artifacts.storage import links
from artifacts.storage.store import get_store
from registry_site.wsgi import application

DATA = bytes(range(256)) * 8
SHA256 = hashlib.sha256(DATA).hexdigest()
KEY = "bundles/model-1-1/1/full.zip"


@pytest.fixture
def client(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def link():
    get_store().create(KEY, DATA, "application/zip")
    return links.sign_download(KEY, "größe.zip", "application/zip", 60)


def code_of(answer):
    return answer.json()["error"]["code"]


def test_download_when_whole_has_bytes_and_headers(client, link):
    answer = client.get(link)
    assert answer.status_code == 200
    assert b"".join(answer) == DATA
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Length"] == "2048"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"groe.zip\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.zip"
    )
    assert answer["ETag"].startswith('"')
    assert answer["Last-Modified"].endswith("GMT")


def test_head_when_asked_has_the_headers_of_get_and_no_bytes(client, link):
    whole, head = client.get(link), client.head(link)
    whole.close()
    named = ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Content-Disposition")
    assert [head[name] for name in named] == [whole[name] for name in named]
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        pytest.param("bytes=0-0", 0, 1, id="first byte"),
        pytest.param("bytes=100-199", 100, 200, id="middle"),
        pytest.param("bytes=2000-", 2000, 2048, id="resumed"),
        pytest.param("bytes=-10", 2038, 2048, id="last ten"),
        pytest.param("bytes=-9999", 0, 2048, id="more than there is"),
        pytest.param("bytes=2047-9999", 2047, 2048, id="past the end"),
    ],
)
def test_range_when_it_is_there_is_answered(client, link, asked, start, end):
    answer = client.get(link, headers={"Range": asked})
    assert b"".join(answer) == DATA[start:end]
    assert answer["Content-Length"] == str(end - start)
    if end - start < len(DATA):
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {start}-{end - 1}/2048"


@pytest.mark.parametrize("asked", ["bytes=2048-", "bytes=9999-10000", "bytes=-0"])
def test_range_when_it_is_not_there_is_refused(client, link, asked):
    answer = client.get(link, headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */2048")


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "bytes=-", "bytes=5-1", "lines=0-1", "bytes=a-b", "bytes=" + "9" * 20 + "-"],
)
def test_range_when_several_or_malformed_is_answered_whole(client, link, asked):
    answer = client.get(link, headers={"Range": asked})
    assert (answer.status_code, b"".join(answer)) == (200, DATA)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        pytest.param("etag", 206, id="same ETag"),
        pytest.param("date", 206, id="same date"),
        pytest.param('"another"', 200, id="other ETag"),
        pytest.param('W/"weak"', 200, id="weak ETag"),
        pytest.param(http_date(0), 200, id="other date"),
        pytest.param("nonsense", 200, id="nonsense"),
    ],
)
def test_range_when_if_range_is_sent_depends_on_it(client, link, condition, status):
    whole = client.head(link)
    known = {"etag": whole["ETag"], "date": whole["Last-Modified"]}
    headers = {"Range": "bytes=0-9", "If-Range": known.get(condition, condition)}
    answer = client.get(link, headers=headers)
    assert answer.status_code == status
    assert len(b"".join(answer)) == (10 if status == 206 else 2048)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param("/content/forged", 404, "link_expired", id="forged"),
        pytest.param(links.sign_download(KEY, "a", "b", -1), 404, "link_expired", id="expired"),
        pytest.param(
            links.sign_upload(KEY, 1, SHA256, 36_000).replace("/uploads", ""),
            404,
            "link_expired",
            id="for an upload",
        ),
        pytest.param(links.sign_download("gone", "a", "b", 36_000), 404, "not_found", id="removed"),
    ],
)
def test_download_when_link_is_no_good_says_so(client, path, status, code):
    answer = client.get(path)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_content_when_method_is_another_names_the_right_ones(client, link):
    answer = client.post(link)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    answer = client.get(links.sign_upload("uploads/a", 1, SHA256, 60))
    assert (answer.status_code, answer["Allow"]) == (405, "PUT, OPTIONS")


def sent(client, data, *, expires_s=60, **headers):
    path = links.sign_upload("uploads/a.zip", len(DATA), SHA256, expires_s)
    return client.generic("PUT", path, data, content_type="application/zip", **headers)


def test_upload_when_as_announced_is_kept(db):
    answer = sent(Client(enforce_csrf_checks=True), DATA)
    assert (answer.status_code, answer.json()) == (201, {"received_bytes": 2048})
    assert get_store().read("uploads/a.zip") == DATA


def test_upload_when_sent_twice_is_kept_once(client):
    assert [sent(client, DATA).status_code for _ in range(2)] == [201, 201]
    assert [found.key for found in get_store().list("")] == ["uploads/a.zip"]


@pytest.mark.parametrize(
    ("data", "given", "status", "code"),
    [
        pytest.param(DATA + b"x", {}, 413, "content_too_large", id="more by its header"),
        pytest.param(
            DATA + b"x", {"CONTENT_LENGTH": ""}, 400, "invalid_request", id="length not said"
        ),
        pytest.param(DATA[:-1], {}, 400, "invalid_request", id="less"),
        pytest.param(DATA[:-1] + b"x", {}, 400, "invalid_request", id="other bytes"),
        pytest.param(b"", {}, 400, "invalid_request", id="nothing"),
        pytest.param(DATA, {"expires_s": -1}, 404, "link_expired", id="too late"),
    ],
)
def test_upload_when_not_as_announced_leaves_nothing(client, data, given, status, code):
    answer = sent(client, data, **given)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert list(get_store().list("")) == []


@pytest.mark.parametrize("fault", ["too much arrives", "breaks off"])
def test_upload_when_the_stream_is_bad_leaves_nothing(client, monkeypatch, fault):
    parts = [DATA, b"x"]

    def read(_request, _size):
        if fault == "breaks off" and len(parts) == 1:
            raise OSError("connection lost")
        return parts.pop(0) if parts else b""

    monkeypatch.setattr("django.http.HttpRequest.read", read)
    answer = sent(client, DATA)
    expected = (413, "content_too_large") if fault.startswith("too") else (400, "invalid_request")
    assert (answer.status_code, code_of(answer)) == expected
    assert list(get_store().list("")) == []


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture(params=["waitress", "wsgiref"])
def port(request, transactional_db, monkeypatch):
    """A real server: one sends files by itself, the other reads them to their end."""
    # Counts are written now and then, over a connection that the server's thread never closes.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    if request.param == "waitress":
        server = waitress.server.create_server(
            application, host="127.0.0.1", port=0, threads=2, map={}
        )
        thread = threading.Thread(target=server.run)
        number = server.effective_port

        def stop():
            # Closed by the thread that waits on its sockets; its loop ends when none is left.
            server.trigger.pull_trigger(server.close)

    else:
        server = make_server("127.0.0.1", 0, application, handler_class=QuietHandler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        number, stop = server.server_port, server.shutdown
    thread.start()
    yield number
    stop()
    thread.join(10)
    assert not thread.is_alive()
    if request.param == "waitress":
        server.task_dispatcher.shutdown()
    else:
        server.server_close()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("bytes=5-9", DATA[5:10]), ("bytes=2040-", DATA[2040:]), (None, DATA)],
    ids=["range", "rest", "whole"],
)
def test_range_when_sent_by_a_real_server_ends_where_it_should(port, link, asked, expected):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", link, headers={"Range": asked} if asked else {})
    answer = connection.getresponse()
    body = answer.read()
    # What comes after the range would be taken for the next answer.
    connection.close()
    assert (body, answer.getheader("Content-Length")) == (expected, str(len(expected)))
