import itertools
import time

import pytest

from artifacts.exceptions import SourceMismatch, SourceRefused, SourceUnavailable
from artifacts.limits import CHUNK_BYTES, TRANSFER_RESUMES_MAX
from artifacts.sources import transfers
from artifacts.sources.http import Client
from artifacts.sources.transfers import stream
from tests.fakes.loopback import Reply

DATA = bytes(range(256)) * 40
SIZE = len(DATA)
ETAG = {"ETag": '"one"'}


def rest(start: int, **headers: str) -> Reply:
    stated = {"Content-Range": f"bytes {start}-{SIZE - 1}/{SIZE}"} | headers
    return Reply(DATA[start:], status=206, headers=stated)


def fetch(server, size_bytes: int | None = SIZE) -> bytes:
    return b"".join(stream(Client(server.url, "secret"), "/f", size_bytes=size_bytes))


@pytest.fixture(autouse=True)
def _no_pauses(pauses):
    """Nobody waits in this file."""


def test_stream_when_all_is_well_then_every_byte_as_it_is(server):
    server.routes["/f"] = Reply(DATA)
    assert fetch(server) == DATA
    assert server.asked[0].headers["accept-encoding"] == "identity"
    assert "range" not in server.asked[0].headers


def test_stream_when_body_is_large_then_no_chunk_is(server):
    server.routes["/f"] = Reply(b"x" * (3 * CHUNK_BYTES))
    sizes = [len(chunk) for chunk in stream(Client(server.url), "/f")]
    assert sum(sizes) == 3 * CHUNK_BYTES
    assert max(sizes) <= CHUNK_BYTES


def test_stream_when_cut_twice_then_resumed_where_it_broke(server):
    second = rest(1_000)
    second.cut, second.headers["Content-Length"] = 2_000, str(SIZE - 1_000)
    first = Reply(DATA, headers=ETAG | {"Content-Length": str(SIZE)}, cut=1_000)
    second.headers |= ETAG
    server.routes["/f"] = [first, second, rest(3_000, **ETAG)]
    assert fetch(server) == DATA
    assert [asked.headers.get("range") for asked in server.asked] == [
        None, "bytes=1000-", "bytes=3000-"
    ]  # fmt: skip
    assert [asked.headers.get("if-range") for asked in server.asked] == [None, '"one"', '"one"']


@pytest.mark.parametrize(
    ("headers", "if_range"),
    [
        ({"ETag": 'W/"one"'}, None),
        ({"Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}, "Tue, 24 Nov 2026 10:00:00 GMT"),
        ({}, None),
    ],
    ids=["weak-etag", "date", "nothing"],
)
def test_stream_when_resumed_then_validator_is_a_strong_one(server, headers, if_range):
    stated = headers | {"Content-Length": str(SIZE)}
    server.routes["/f"] = [Reply(DATA, headers=stated, cut=1_000), rest(1_000, **headers)]
    assert fetch(server) == DATA
    assert server.asked[1].headers.get("if-range") == if_range


def test_stream_when_server_knows_no_ranges_then_known_bytes_are_skipped(server):
    cut = Reply(DATA, headers=ETAG | {"Content-Length": str(SIZE)}, cut=1_000)
    server.routes["/f"] = [cut, Reply(DATA, headers=ETAG)]
    assert fetch(server) == DATA


def test_stream_when_file_changes_meanwhile_then_halves_are_not_joined(server):
    cut = Reply(DATA, headers=ETAG | {"Content-Length": str(SIZE)}, cut=1_000)
    server.routes["/f"] = [cut, Reply(DATA[::-1], headers={"ETag": '"two"'})]
    with pytest.raises(SourceMismatch, match="changed the file"):
        fetch(server, None)


@pytest.mark.parametrize(
    "stated", ["bytes 999-10239/10240", "bytes 0-10239/10240", ""], ids=["near", "start", "none"]
)
def test_stream_when_another_part_is_sent_then_mismatch(server, stated):
    cut = Reply(DATA, headers={"Content-Length": str(SIZE)}, cut=1_000)
    server.routes["/f"] = [cut, Reply(b"x", status=206, headers={"Content-Range": stated})]
    with pytest.raises(SourceMismatch, match="another part"):
        fetch(server)


@pytest.mark.parametrize(
    "reply",
    [Reply(DATA), Reply(itertools.repeat(b"x" * 10))],
    ids=["one-byte-more", "endless"],
)
def test_stream_when_more_bytes_than_stated_then_mismatch(server, reply):
    server.routes["/f"] = reply
    with pytest.raises(SourceMismatch, match="sends more than the"):
        fetch(server, SIZE - 1)


def test_stream_when_body_ends_early_without_a_length_then_the_rest_is_asked_for(server):
    server.routes["/f"] = [Reply(iter([DATA[:500]])), rest(500)]
    assert fetch(server) == DATA


def test_stream_when_no_progress_is_made_then_given_up(server):
    server.routes["/f"] = Reply(DATA, headers={"Content-Length": str(SIZE)}, cut=0)
    with pytest.raises(SourceUnavailable):
        fetch(server)
    assert len(server.asked) == TRANSFER_RESUMES_MAX + 1


def test_stream_when_each_resumption_makes_progress_then_it_goes_on(server):
    steps = [
        Reply(
            DATA[start:],
            status=206,
            headers={"Content-Range": f"bytes {start}-", "Content-Length": str(SIZE - start)},
            cut=SIZE // 10,
        )
        for start in range(0, SIZE, SIZE // 10)
    ]
    steps[0].status = 200
    server.routes["/f"] = steps
    assert fetch(server) == DATA
    assert len(server.asked) == 10 > TRANSFER_RESUMES_MAX


@pytest.mark.parametrize(
    ("size_bytes", "stated"), [(1_000, ""), (None, "bytes */1000")], ids=["by-listing", "by-answer"]
)
def test_stream_when_it_broke_at_the_very_end_then_complete(server, size_bytes, stated):
    cut = Reply(DATA[:1_000], headers={"Content-Length": "1001"}, cut=1_000)
    server.routes["/f"] = [cut, Reply(status=416, headers={"Content-Range": stated})]
    assert fetch(server, size_bytes) == DATA[:1_000]


def test_stream_when_range_is_refused_before_the_end_then_refused(server):
    cut = Reply(DATA, headers={"Content-Length": str(SIZE)}, cut=1_000)
    server.routes["/f"] = [cut, Reply(status=416)]
    with pytest.raises(SourceRefused):
        fetch(server)


def test_stream_when_source_wants_a_long_pause_then_that_is_passed_on(server, pauses):
    server.routes["/f"] = Reply(status=429, headers={"Retry-After": "100"})
    with pytest.raises(SourceUnavailable) as raised:
        fetch(server)
    assert raised.value.retry_after_s == 100
    assert pauses == []


def test_stream_when_file_is_gone_then_refused_at_once(server):
    with pytest.raises(SourceRefused, match="status 404"):
        fetch(server)
    assert len(server.asked) == 1


def test_stream_when_body_crawls_then_given_up_for_good(server, monkeypatch):
    # Each look at the clock is ten seconds after the last one: a chunk takes ten seconds to come.
    ticks = itertools.count(0, 10)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    server.routes["/f"] = Reply(itertools.repeat(b"x"))
    with pytest.raises(SourceUnavailable, match="sends too slowly"):
        fetch(server, None)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("received_bytes", "waited_s", "too_slow"),
    [
        pytest.param(59_999, 60.0, True, id="just-under"),
        pytest.param(60_000, 60.0, False, id="just-enough"),
        pytest.param(0, 59.9, False, id="interval-not-over"),
    ],
)
def test_pace_when_an_interval_is_over_then_judged(received_bytes, waited_s, too_slow):
    pace = transfers._Pace()
    pace.count(received_bytes, waited_s)
    assert pace.is_too_slow is too_slow


def test_pace_when_too_slow_once_then_it_stays_so():
    pace = transfers._Pace()
    pace.count(0, 60.0)
    pace.count(10**9, 60.0)
    assert pace.is_too_slow


def test_pace_when_an_interval_was_fast_then_the_next_counts_anew():
    pace = transfers._Pace()
    pace.count(10**9, 60.0)
    pace.count(0, 60.0)
    assert pace.is_too_slow


def fetch_from(server, start: int) -> bytes:
    return b"".join(stream(Client(server.url), "/f", size_bytes=SIZE, start=start))


def test_stream_when_the_beginning_is_kept_then_the_rest_is_asked_for(server):
    server.routes["/f"] = rest(1_000, **ETAG)
    assert fetch_from(server, 1_000) == DATA[1_000:]
    assert server.asked[0].headers["range"] == "bytes=1000-"
    assert "if-range" not in server.asked[0].headers


def test_stream_when_the_server_knows_no_ranges_then_what_is_kept_is_passed_over(server):
    server.routes["/f"] = Reply(DATA, headers=ETAG)
    assert fetch_from(server, 1_000) == DATA[1_000:]


def test_stream_when_everything_is_kept_then_nothing_follows(server):
    server.routes["/f"] = Reply(status=416)
    assert fetch_from(server, SIZE) == b""


def test_stream_when_the_rest_changes_while_it_is_fetched_then_refused(server):
    first = rest(1_000, **ETAG)
    first.cut, first.headers["Content-Length"] = 500, str(SIZE - 1_000)
    server.routes["/f"] = [first, Reply(DATA, headers={"ETag": '"two"'})]
    with pytest.raises(SourceMismatch, match="changed"):
        fetch_from(server, 1_000)
