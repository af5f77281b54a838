import hashlib

import pytest

from artifacts.rules.digest import Sha256, hash_git_blob
from artifacts.rules.hub.pointers import UNKNOWN_OID, Names, name_file
from artifacts.rules.lfs import Pointer, parse_pointer, write_pointer

DATA = b"weights" * 100
SHA256 = Sha256(hashlib.sha256(DATA).hexdigest())
GIT = "4d8a433ff1cd53e8e21342537de02c75a3fa127e"
TEXT = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize {len(DATA)}\n".encode()
)


def pointer_oid() -> str:
    blob = hash_git_blob(len(TEXT))
    blob.update(TEXT)
    return blob.hexdigest()


def test_pointer_when_written_then_as_git_lfs_writes_it():
    assert write_pointer(SHA256, len(DATA)) == TEXT
    assert parse_pointer(TEXT) == Pointer(SHA256, len(DATA))


def test_file_when_git_keeps_it_then_by_the_digest_of_git():
    found = name_file(f"git:{GIT}", SHA256, len(DATA))
    assert found == Names(GIT)
    assert found.etag == GIT


@pytest.mark.parametrize(
    ("stated", "kept"),
    [(f"sha256:{SHA256}", None), (f"sha256:{SHA256}", SHA256), ("", SHA256), ("git:x", SHA256)],
    ids=["stated", "stated and kept", "kept", "a broken digest of git"],
)
def test_file_when_its_sha256_is_known_then_as_one_of_git_lfs(stated, kept):
    found = name_file(stated, kept, len(DATA))
    assert found == Names(pointer_oid(), SHA256, len(TEXT))
    assert found.etag == SHA256


@pytest.mark.parametrize(
    ("stated", "kept", "size_bytes"), [("", None, 5), ("sha256:x", None, 5), ("", SHA256, None)]
)
def test_file_when_nothing_is_known_then_zeros(stated, kept, size_bytes):
    found = name_file(stated, kept, size_bytes)
    assert found == Names(UNKNOWN_OID)
