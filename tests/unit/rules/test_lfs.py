import pytest

from artifacts.rules.digest import Sha256
from artifacts.rules.lfs import POINTER_MIN_BYTES, Pointer, may_be_pointer, parse_pointer

SHA256 = Sha256("5c" * 32)
VERSION = "version https://git-lfs.github.com/spec/v1\n"
OID = f"oid sha256:{SHA256}\n"
SIZE = "size 440473133\n"
WHOLE = VERSION + OID + SIZE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE, id="as git-lfs writes it"),
        pytest.param(WHOLE.replace("\n", "\r\n"), id="checked out on Windows"),
        pytest.param(WHOLE.rstrip(), id="last line break cut"),
        pytest.param(VERSION + f"ext-0-fold sha256:{SHA256}\n" + OID + SIZE, id="extension"),
        pytest.param(WHOLE.replace("\n", "\r"), id="line breaks of old Macs"),
        pytest.param("\ufeff" + WHOLE, id="byte order mark"),
        pytest.param("\n" + WHOLE.replace("\n", " \n") + "\n\n", id="blanks around"),
        pytest.param(WHOLE.replace("git-lfs", "hawser"), id="before the first release"),
    ],
)
def test_parse_pointer_when_it_is_one_says_what_it_stands_for(text):
    assert parse_pointer(text.encode()) == Pointer(SHA256, 440_473_133)
    assert may_be_pointer(len(text))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_parse_pointer_when_a_tool_wrote_it_anew_in_another_encoding_then_still_one(encoding):
    content = WHOLE.replace("\n", "\r\n").encode(encoding)
    assert parse_pointer(content) == Pointer(SHA256, 440_473_133)
    assert may_be_pointer(len(content))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(OID.encode() + SIZE.encode(), id="no version"),
        pytest.param((VERSION + SIZE).encode(), id="no digest"),
        pytest.param((VERSION + OID).encode(), id="no size"),
        pytest.param((VERSION + SIZE + OID).encode(), id="other order"),
        pytest.param(WHOLE.replace("440473133", "-1").encode(), id="negative size"),
        pytest.param(WHOLE.replace("440473133", "9" * 18).encode(), id="size that no file has"),
        pytest.param(WHOLE.replace("5c", "5C").encode(), id="digits in upper case"),
        pytest.param(WHOLE.replace("sha256", "md5").encode(), id="other digest"),
        pytest.param(WHOLE.replace("spec/v1", "spec/v9").encode(), id="unknown version"),
        pytest.param(f"# Pointers\n\n{WHOLE}".encode(), id="text about pointers"),
        pytest.param(f"{WHOLE}\nmore\n".encode(), id="text after it"),
        pytest.param(WHOLE.encode() + b"\xff", id="not UTF-8"),
        pytest.param((WHOLE + "x" * 1_000).encode(), id="too long"),
    ],
)
def test_parse_pointer_when_it_is_something_else_is_none(content):
    assert parse_pointer(content) is None


def test_may_be_pointer_when_size_is_at_the_edge():
    shortest = VERSION + OID + "size 1\n"
    assert len(shortest) == POINTER_MIN_BYTES
    assert parse_pointer(shortest.encode()) == Pointer(SHA256, 1)
    assert may_be_pointer(1_023)
    assert not may_be_pointer(1_024)
    assert not may_be_pointer(None)
