"""Headers of single files: absent, absurd, or of something else."""

import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import LISTED_SIZE_MAX_BYTES
from artifacts.sources.base import SourceReference
from artifacts.sources.direct import DirectSource, _size_bytes, stated_digest
from tests.fakes.loopback import Reply


def ask(server, inquiry, *replies: Reply):
    server.routes["/x.bin"] = list(replies)
    url = f"{server.url}/x.bin"
    reference = SourceReference(SourceKind.DIRECT, url, "x.bin", url)
    return DirectSource().fetch_snapshot(reference, inquiry)


@pytest.mark.parametrize(
    ("stated", "size_bytes"),
    [
        ("0", 0),
        (str(LISTED_SIZE_MAX_BYTES), LISTED_SIZE_MAX_BYTES),
        (str(LISTED_SIZE_MAX_BYTES + 1), None),
        ("9" * 5_000, None),
        ("-1", None),
        ("\u0663", None),
        ("", None),
    ],
    ids=["zero", "limit", "over", "absurd", "negative", "other-digits", "none"],
)
def test_size_when_stated_then_only_what_can_be_right(stated, size_bytes):
    assert _size_bytes({"content-length": stated}) == size_bytes


def test_snapshot_when_size_is_asked_for_then_that_of_the_bytes_themselves(server, inquiry):
    ask(server, inquiry, Reply(b"1"))
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [404, 410])
def test_snapshot_when_head_is_unknown_and_file_absent_then_refused(server, inquiry, status):
    with pytest.raises(SourceRefused, match="no such file"):
        ask(server, inquiry, Reply(status=405), Reply(status=status))


def test_snapshot_when_head_is_unknown_and_server_busy_then_unavailable(server, inquiry, pauses):
    with pytest.raises(SourceUnavailable):
        ask(server, inquiry, Reply(status=501), Reply(status=503))


def test_snapshot_when_head_is_unknown_then_the_body_is_not_waited_for(server, inquiry):
    found = ask(server, inquiry, Reply(status=405), Reply(b"x" * 5_000_000))
    assert found.size_bytes == 5_000_000


@pytest.mark.parametrize("stated", ["text/html", "Text/HTML; charset=x", "application/xhtml+xml"])
def test_snapshot_when_the_file_is_a_page_then_refused(server, inquiry, stated):
    with pytest.raises(SourceRefused, match="leads to a page"):
        ask(server, inquiry, Reply(headers={"Content-Type": stated}))


@pytest.mark.parametrize(
    "stated", ["sha-256=:short:", f"sha-256=:{'A' * 42}!=:", f"sha-512=:{'A' * 43}=:"]
)
def test_stated_digest_when_it_is_none_of_ours_then_empty(stated):
    assert stated_digest({"repr-digest": stated}) == ""
