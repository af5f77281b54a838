"""What comes of answers that are no JSON, or more of it than is read."""

import pytest

from artifacts.exceptions import SourceTooLarge, SourceUnavailable
from artifacts.rules import budget
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import Reply


def get(server):
    return Client(server.url).get("/x", inquiry=Inquiry(30))


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b"\xff\xfe", b'{"a": 1, "a": 2}'],
    ids=["html", "empty", "no-text", "key-twice"],
)
def test_json_when_body_is_none_then_unavailable(server, body):
    server.routes["/x"] = Reply(body)
    with pytest.raises(SourceUnavailable, match="did not answer with JSON"):
        get(server).json()


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"[" + b"1," * 1_000_001 + b"1]"], ids=["too-deep", "too-many"]
)
def test_json_when_body_is_too_much_then_refused_for_good(server, body):
    server.routes["/x"] = Reply(body)
    with pytest.raises(SourceTooLarge, match="too much to read"):
        get(server).json()


def test_json_when_numbers_fit_no_column_then_they_are_text(server):
    server.routes["/x"] = Reply(b"[1, 9223372036854775808, 1e999, NaN, %s]" % (b"1" * 5_000))
    assert get(server).json() == [1, "9223372036854775808", "1e999", "NaN", "1" * 5_000]


def test_json_when_reading_takes_longer_than_a_request_may_then_later(server, set_limits):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    server.routes["/x"] = Reply(b"[" + b"1," * 60_000 + b"1]")
    with pytest.raises(SourceUnavailable, match="seconds of work"):
        get(server).json()
    with budget.in_task():
        assert len(get(server).json()) == 60_001
