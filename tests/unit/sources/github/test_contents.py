"""Archives that are not what they should be."""

import gzip
import io
import tarfile

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceMismatch, SourceRefused, SourceUnavailable
from artifacts.sources.base import SourceFile, SourceReference
from artifacts.sources.github import contents
from artifacts.sources.github.contents import fetch_contents
from tests.fakes.loopback import Reply
from tests.unit.sources.asking import COMMIT, git_sha

REFERENCE = SourceReference(SourceKind.GITHUB, "acme/code", "code", "https://github.com/acme/code")
BASE = "/repos/acme/code"
ONE, TWO = b"one\n", b"two, a little longer\n"


def member(path: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, target: str = ""):
    info = tarfile.TarInfo(f"acme-code-c0ffee/{path}")
    info.type, info.linkname, info.size = kind, target, len(data)
    return info, data


def packed(*members) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data))
    return raw.getvalue()


def listed(path: str, data: bytes) -> SourceFile:
    return SourceFile(path, len(data), f"git:{git_sha(data)}", Part.CODE)


def fetch(*files: SourceFile) -> dict[str, bytes]:
    fetched = fetch_contents(REFERENCE, COMMIT, files)
    return {file.path: b"".join(chunks) for file, chunks in fetched}


def offer(server, archive: bytes, *single: bytes) -> None:
    server.routes[f"{BASE}/tarball/{COMMIT}"] = Reply(archive)
    for data in single:
        server.routes[f"{BASE}/git/blobs/{git_sha(data)}"] = Reply(data)


def test_fetch_when_a_link_is_in_the_archive_then_its_target_is_the_content(server):
    """Git keeps a link's target as a file's content; nothing is followed."""
    target = b"../../etc/passwd"
    link = member("link", kind=tarfile.SYMTYPE, target=target.decode())
    offer(server, packed(member("one", ONE), link))
    assert fetch(listed("one", ONE), listed("link", target)) == {"one": ONE, "link": target}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "odd",
    [
        member("two", kind=tarfile.LNKTYPE, target="acme-code-c0ffee/one"),
        member("two", kind=tarfile.FIFOTYPE),
        member("two", kind=tarfile.CHRTYPE),
        member("two", kind=tarfile.DIRTYPE),
        member("two", kind=tarfile.SYMTYPE, target="one"),
    ],
    ids=["hard-link", "pipe", "device", "folder", "symbolic-link"],
)
def test_fetch_when_archive_has_something_else_in_place_then_fetched_singly(server, odd):
    offer(server, packed(member("one", ONE), odd), TWO)
    assert fetch(listed("one", ONE), listed("two", TWO)) == {"one": ONE, "two": TWO}
    assert server.paths[1:] == [f"{BASE}/git/blobs/{git_sha(TWO)}"]


def test_fetch_when_only_one_file_is_wanted_then_no_archive(server):
    offer(server, b"", ONE)
    assert fetch(listed("one", ONE)) == {"one": ONE}
    assert server.paths == [f"{BASE}/git/blobs/{git_sha(ONE)}"]
    assert server.asked[0].headers["accept"] == "application/vnd.github.raw+json"


def test_fetch_when_archive_has_unwanted_and_repeated_members_then_each_file_once(server):
    hostile = [member("../../outside", ONE), member("one", ONE), member("one", TWO)]
    offer(server, packed(*hostile, member("two", TWO)))
    assert fetch(listed("one", ONE), listed("two", TWO)) == {"one": ONE, "two": TWO}


def test_fetch_when_member_is_far_larger_than_listed_then_not_even_set_aside(server, monkeypatch):
    monkeypatch.setattr(contents, "_IN_MEMORY_MAX_BYTES", 100)
    read = []
    real = contents._member_chunks

    def note(archive, info):
        read.append(info.name.partition("/")[2])
        return real(archive, info)

    monkeypatch.setattr(contents, "_member_chunks", note)
    offer(server, packed(member("one", b"\0" * 50_000), member("two", TWO)), ONE)
    assert fetch(listed("one", ONE), listed("two", TWO)) == {"two": TWO, "one": ONE}
    assert read == ["two"]


def test_fetch_when_archive_is_a_bomb_then_refused(server, settings):
    settings.REGISTRY_CONTENT_MAX_BYTES = 100_000
    offer(server, packed(member("bomb", b"\0" * 100_001), member("one", ONE), member("two", TWO)))
    with pytest.raises(SourceRefused, match="larger than may be kept"):
        fetch(listed("one", ONE), listed("two", TWO))


def test_fetch_when_single_file_is_longer_than_listed_then_mismatch(server):
    offer(server, packed(member("two", TWO)))
    server.routes[f"{BASE}/git/blobs/{git_sha(ONE)}"] = Reply(ONE + b"and more")
    with pytest.raises(SourceMismatch):
        fetch(listed("one", ONE), listed("two", TWO))


def test_fetch_when_archive_and_single_file_disagree_then_the_listing_decides(server):
    """The bytes come with the digest that was listed, so that the storage refuses them."""
    offer(server, packed(member("one", b"1st\n"), member("two", TWO)))
    server.routes[f"{BASE}/git/blobs/{git_sha(ONE)}"] = Reply(b"2nd\n")
    wanted = listed("one", ONE)
    found = {
        file: b"".join(chunks)
        for file, chunks in fetch_contents(REFERENCE, COMMIT, [wanted, listed("two", TWO)])
    }
    assert found[wanted] == b"2nd\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="page"),
        pytest.param(packed(member("one", ONE))[:-20], id="cut"),
        pytest.param(gzip.compress(b"\0" * 100), id="zeros-too-short"),
        pytest.param(gzip.compress(b"x" * 1_024), id="no-tar"),
        pytest.param(packed(member("one", ONE)).replace(b"\x08", b"\x09", 1), id="no-deflate"),
    ],
)
def test_fetch_when_archive_is_broken_then_unavailable(server, raw):
    offer(server, raw)
    with pytest.raises(SourceUnavailable):
        fetch(listed("one", ONE), listed("two", TWO))


@pytest.mark.parametrize("fault", [ValueError, OverflowError, RecursionError])
def test_fetch_when_headers_break_the_reader_then_unavailable(server, monkeypatch, fault):
    def fail(*_args):
        raise fault("header")

    monkeypatch.setattr(tarfile.TarInfo, "fromtarfile", classmethod(fail))
    offer(server, packed(member("one", ONE)))
    with pytest.raises(SourceUnavailable, match="broken archive"):
        fetch(listed("one", ONE), listed("two", TWO))
