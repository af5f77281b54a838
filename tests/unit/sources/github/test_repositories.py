"""A repository of GitHub from its URL to its bytes."""

import hashlib
import io
import tarfile

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT, GIT, contents, git_sha, snapshot

CODE = {
    "README.md": b"# whisper\n",
    "src/a.py": b"print(1)\n",
    "src/version.py": b"$Format:%H$\n",
    "src/big.bin": b"\x02" * 1_200_000,
    "left-out.txt": b"not in archives\n",
}


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for path, data in files.items():
            info = tarfile.TarInfo(f"acme-code-c0ffee/{path}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("acme-code-c0ffee/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return packed.getvalue()


@pytest.fixture
def github(server):
    """A repository whose archive changes one file and leaves out another."""
    repository = {
        "full_name": "acme/Code", "default_branch": "trunk", "license": {"spdx_id": "MIT"},
        "stargazers_count": 5,
    }  # fmt: skip
    tree = [
        {"type": "blob", "path": path, "size": len(data), "sha": git_sha(data), "mode": "100644"}
        for path, data in CODE.items()
    ]
    tree += [{"type": "commit", "path": "sub", "sha": "1" * 40}, {"type": "tree", "path": "src"}]
    packed = {path: data for path, data in CODE.items() if path != "left-out.txt"}
    packed["src/version.py"] = b"c0ffee substituted"
    base = "/repos/acme/Code"
    server.routes |= {
        "/repos/acme/code": json_reply(repository),
        f"{base}/commits/trunk": Reply(COMMIT.encode()),
        f"{base}/commits/feature": Reply(status=422),
        f"{base}/commits/feature/x": Reply(COMMIT.encode()),
        f"{base}/git/trees/{COMMIT}": json_reply({"tree": tree, "truncated": False}),
        f"{base}/readme": Reply(CODE["README.md"]),
        f"{base}/tags": json_reply([{"name": "v1"}]),
        f"{base}/tarball/{COMMIT}": Reply(archive(packed)),
    } | {f"{base}/git/blobs/{git_sha(data)}": Reply(data) for data in CODE.values()}
    return server


def test_github_when_a_repository_is_there_then_everything_about_it(github, deadline):
    source, found = snapshot(GIT + "acme/code.git", deadline)
    assert (found.reference.key, found.license) == ("github:acme/code", "MIT")
    assert (found.readme, found.tags, found.facts["stargazers_count"]) == (
        "# whisper\n",
        ("v1",),
        5,
    )
    assert {file.path for file in found.files} == set(CODE)
    assert contents(source, found) == CODE


def test_github_when_fetched_then_most_files_come_out_of_one_archive(github, deadline):
    source, found = snapshot(GIT + "acme/code", deadline)
    github.asked.clear()
    contents(source, found)
    assert len([path for path in github.paths if "/git/blobs/" in path]) == 2


def test_github_when_the_ref_has_a_slash_then_divided_where_git_says(github, deadline):
    _, found = snapshot(GIT + "acme/code/tree/feature/x/src", deadline)
    assert (found.reference.ref, found.reference.folder) == ("feature/x", "src")
    assert {file.path for file in found.files} == {"a.py", "version.py", "big.bin"}


def test_github_when_the_ref_is_the_default_then_the_same_source(github, deadline):
    _, found = snapshot(GIT + "acme/code/tree/trunk", deadline)
    assert found.reference.key == "github:acme/code"


@pytest.mark.parametrize("path", ["tree/nothing/here", "tree/trunk/nowhere"])
def test_github_when_ref_or_folder_is_not_there_then_refused(github, deadline, path):
    with pytest.raises(SourceRefused):
        snapshot(f"{GIT}acme/code/{path}", deadline)


@pytest.mark.parametrize("status", [404, 451])
def test_github_when_there_is_no_such_repository_then_refused(server, deadline, status):
    server.routes["/repos/acme/code"] = Reply(status=status)
    with pytest.raises(SourceRefused, match="acme/code"):
        snapshot(GIT + "acme/code", deadline)


def test_github_when_the_repository_is_empty_then_refused(github, deadline):
    github.routes["/repos/acme/Code/commits/trunk"] = Reply(status=409)
    with pytest.raises(SourceRefused, match="empty"):
        snapshot(GIT + "acme/code", deadline)


def test_github_when_the_list_is_cut_then_a_link_with_the_reason(github, deadline):
    github.routes[f"/repos/acme/Code/git/trees/{COMMIT}"] = json_reply(
        {"tree": [], "truncated": True}
    )
    assert snapshot(GIT + "acme/code", deadline)[1].link_only_reason


def test_github_when_its_rate_is_spent_then_unavailable_until_it_says(server, deadline):
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}
    server.routes["/repos/acme/code"] = Reply(status=403, headers=headers)
    with pytest.raises(SourceUnavailable) as caught:
        snapshot(GIT + "acme/code", deadline)
    assert caught.value.retry_after_s > 1_000


def test_github_when_listing_and_bytes_differ_but_its_answers_agree_then_those_bytes(
    github, deadline
):
    changed = b"# another card\n"
    github.routes[f"/repos/acme/Code/tarball/{COMMIT}"] = Reply(
        archive(CODE | {"README.md": changed})
    )
    blob = f"/repos/acme/Code/git/blobs/{git_sha(CODE['README.md'])}"
    github.routes[blob] = Reply(changed)
    source, found = snapshot(GIT + "acme/code", deadline)
    fetched = {
        file.path: (file.digest, b"".join(chunks))
        for file, chunks in source.fetch_contents(found.reference, found.commit, found.files)
    }
    assert fetched["README.md"] == (f"sha256:{hashlib.sha256(changed).hexdigest()}", changed)


@pytest.mark.parametrize("raw", [b"no archive", archive(CODE)[:300]], ids=["nonsense", "cut"])
def test_github_when_the_archive_is_broken_then_unavailable(github, deadline, raw):
    github.routes[f"/repos/acme/Code/tarball/{COMMIT}"] = Reply(raw)
    source, found = snapshot(GIT + "acme/code", deadline)
    with pytest.raises(SourceUnavailable):
        contents(source, found)
