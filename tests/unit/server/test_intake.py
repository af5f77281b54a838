"""What is refused when the headers are there, before the body is read."""

import http.client
import json
import re

import pytest

from artifacts.limits import COMMIT_BODY_MAX_BYTES, HEADERS_MAX_BYTES, REQUEST_BODY_MAX_BYTES
from artifacts.storage.base import UploadPart
from artifacts.storage.links import sign_part, sign_upload

HOST = b"Host: localhost\r\n"
LONG = b"Content-Length: 300000000\r\n"


def refusal(answer: bytes) -> tuple[int, str]:
    """The status and code of an answer of one request, which is the only one."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert len(re.findall(rb"HTTP/1\.[01] \d{3} ", answer)) == 1
    assert b"Connection: close" in head
    assert b"X-Request-Id: " in head
    assert b"Cache-Control: private, no-store\r\n" in head
    assert b"X-Content-Type-Options: nosniff\r\n" in head
    error = json.loads(body)["error"]
    assert error["message"].endswith(".")
    assert error["request_id"] != "-"
    return int(head.split()[1]), error["code"]


@pytest.mark.parametrize("path", [b"/artifact/model", b"/admin/login/", b"/", b"/content/x"])
@pytest.mark.parametrize("method", [b"POST", b"PUT", b"GET"])
def test_body_when_longer_than_any_may_be_then_refused_before_it_is_sent(running, method, path):
    answer = running.send(method + b" " + path + b" HTTP/1.1\r\n" + HOST + LONG + b"\r\n")
    assert refusal(answer) == (413, "content_too_large")
    assert running.application.paths == []


def test_body_when_the_client_asks_first_then_it_is_not_told_to_go_on(running):
    expect = b"Expect: 100-continue\r\n"
    answer = running.send(b"POST / HTTP/1.1\r\n" + HOST + LONG + expect + b"\r\n")
    assert refusal(answer) == (413, "content_too_large")
    short = b"Content-Length: 2\r\nConnection: close\r\n"
    with running.connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\n" + HOST + short + expect + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 Continue")
        client.sendall(b"{}")
        assert client.recv(1_000).startswith(b"HTTP/1.1 200")


def test_expectation_when_there_is_no_body_then_the_request_is_answered(running):
    expect = b"Expect: 100-continue\r\nConnection: close\r\n"
    answer = running.send(b"GET / HTTP/1.1\r\n" + HOST + expect + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200")


def test_body_when_sent_all_the_same_then_the_answer_is_seen(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("POST", "/artifact/model", b"x" * 4_000_000)
    assert connection.getresponse().status == 413
    connection.close()


def test_body_when_as_long_as_it_may_be_then_taken(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("POST", "/", b"x" * REQUEST_BODY_MAX_BYTES)
    assert connection.getresponse().read() == str(REQUEST_BODY_MAX_BYTES).encode()
    connection.close()


COMMIT = "/api/datasets/registry.ursula/tea/commit/main"


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("size_bytes", "status"), [(COMMIT_BODY_MAX_BYTES, 200), (COMMIT_BODY_MAX_BYTES + 1, 413)]
)
def test_body_when_a_commit_then_as_long_as_commits_may_be(running, size_bytes, status, is_chunked):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    body = iter([b"x" * size_bytes]) if is_chunked else b"x" * size_bytes
    connection.request("POST", COMMIT, body, encode_chunked=is_chunked)
    assert connection.getresponse().status == status
    connection.close()


def test_commit_when_longer_than_any_may_be_then_refused_in_the_hubs_words(running):
    path = COMMIT.encode()
    answer = running.send(b"POST " + path + b" HTTP/1.1\r\n" + HOST + LONG + b"\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"X-Error-Message: The body is longer" in head
    assert isinstance(json.loads(body)["error"], str)


def test_chunks_when_more_come_than_may_then_refused_meanwhile(running):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    pieces = (b"x" * 65_536 for _ in range(50))
    connection.request("POST", "/artifact/model", pieces, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()
    assert running.application.paths == []


CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X-A : b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X-A: b\nX-C: d\r\n\r\n",
        b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        CHUNKED + b"\r\nzz\r\n",
        CHUNKED + b"\r\n" + b"1" * 2_000,
        CHUNKED + b"\r\n1;" + b"x" * 2_000,
        CHUNKED + b"\r\n0\r\n" + b"X-A: b\r\n" * 2_000,
        CHUNKED + b"\r\n-1\r\n",
    ],
    ids=[
        "length-and-chunks", "chunks-in-1.0", "two-lengths", "signed-length", "long-length",
        "two-codings", "blank-in-coding", "bracket", "blank-before-colon", "bare-line-feed",
        "small-letters", "tls", "no-size", "long-size", "long-extension", "long-trailer",
        "negative-size",
    ],
)  # fmt: skip
def test_request_when_it_can_be_read_in_two_ways_or_none_then_refused(running, request_bytes):
    assert refusal(running.send(request_bytes)) == (400, "invalid_request")
    assert running.application.paths == []


def test_headers_when_longer_than_they_may_be_then_refused(running):
    line = b"X-A: " + b"b" * HEADERS_MAX_BYTES
    answer = running.send(b"GET / HTTP/1.1\r\n" + HOST + line)
    assert refusal(answer) == (431, "headers_too_large")


def test_request_when_refused_unread_then_it_has_the_line_of_any_other(running, caplog):
    with caplog.at_level("INFO", logger="artifacts"):
        running.send(b"POST /content/a-secret-link HTTP/1.1\r\n" + HOST + LONG + b"\r\n")
    (record,) = [each for each in caplog.records if each.name.startswith("artifacts")]
    assert (record.message, record.status, record.code) == (
        "request.answered", 413, "content_too_large",
    )  # fmt: skip
    assert (record.method, record.address) == ("POST", "127.0.0.1")
    assert record.duration_ms >= 0
    assert record.size_bytes > 50
    assert "a-secret-link" not in str(vars(record))


def test_application_when_it_crashes_then_answered_as_an_error_of_ours(running):
    answer = running.send(b"GET /crash HTTP/1.1\r\n" + HOST + b"\r\n")
    assert refusal(answer) == (500, "internal_error")


def test_room_when_there_is_none_for_a_body_then_said(running, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("waitress.receiver.FixedStreamReceiver.received", fail)
    answer = running.send(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n\r\nabcde")
    assert refusal(answer) == (507, "storage_full")


@pytest.fixture
def links():
    size_bytes = REQUEST_BODY_MAX_BYTES * 2
    return {
        "whole": sign_upload("incoming/x", size_bytes, "0" * 64, 60),
        "part": sign_part("5f0c", UploadPart(1, 0, size_bytes, "0" * 64), 60),
        "over": sign_upload("incoming/x", size_bytes, "0" * 64, -60),
        "forged": "/uploads/content/none:of:ours",
    }


@pytest.mark.parametrize("kind", ["whole", "part"])
def test_upload_when_announced_then_taken_in_up_to_its_size(running, links, kind):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request("PUT", links[kind], b"x" * REQUEST_BODY_MAX_BYTES * 2)
    assert connection.getresponse().read() == str(REQUEST_BODY_MAX_BYTES * 2).encode()
    connection.close()
    head = b"PUT " + links[kind].encode() + b" HTTP/1.1\r\n" + HOST
    assert refusal(running.send(head + LONG + b"\r\n")) == (413, "content_too_large")


@pytest.mark.parametrize("kind", ["over", "forged"])
def test_upload_when_its_link_is_none_then_refused_before_the_body(running, links, kind):
    head = b"PUT " + links[kind].encode() + b" HTTP/1.1\r\n" + HOST
    status, _ = refusal(running.send(head + b"Content-Length: 1500000\r\n\r\n"))
    assert 400 <= status < 500
    assert running.application.paths == []


@pytest.mark.parametrize("host", [b"localhost", b"evil.example"])
def test_target_when_it_names_a_host_itself_then_that_one_counts(running, host):
    seen = []
    running.server.application = lambda environ, start: (
        seen.append(environ["HTTP_HOST"]),
        start("200 OK", [("Content-Length", "0")]),
    )[:0]
    running.send(
        b"GET http://evil.example:8000/tracks HTTP/1.1\r\nConnection: close\r\nHost: "
        + host
        + b"\r\n\r\n"
    )
    assert seen == ["evil.example:8000"]
