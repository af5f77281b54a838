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
        f"{base}/tags": json_reply([{"name": "v1", "commit": {"sha": COMMIT}}]),
        f"{base}/tarball/{COMMIT}": Reply(archive(packed)),
    } | {f"{base}/git/blobs/{git_sha(data)}": Reply(data) for data in CODE.values()}
    return server


def test_github_when_a_repository_is_there_then_everything_about_it(github, inquiry):
    source, found = snapshot(GIT + "acme/code.git", inquiry)
    assert (found.reference.key, found.license) == ("github:acme/code", "MIT")
    assert (found.readme, found.tags, found.facts["stargazers_count"]) == (
        "# whisper\n",
        {"v1": COMMIT},
        5,
    )
    assert {file.path for file in found.files} == set(CODE)
    assert contents(source, found) == CODE


def test_github_when_fetched_then_most_files_come_out_of_one_archive(github, inquiry):
    source, found = snapshot(GIT + "acme/code", inquiry)
    github.asked.clear()
    contents(source, found)
    assert len([path for path in github.paths if "/git/blobs/" in path]) == 2


def test_github_when_the_ref_has_a_slash_then_divided_where_git_says(github, inquiry):
    _, found = snapshot(GIT + "acme/code/tree/feature/x/src", inquiry)
    assert (found.reference.ref, found.reference.folder) == ("feature/x", "src")
    assert {file.path for file in found.files} == {"a.py", "version.py", "big.bin"}


@pytest.mark.parametrize(
    ("path", "read"),
    [("docs/readme.md", "mit"), (".github/README.MD", "mit"), ("src/README.md", "")],
)
def test_github_when_the_readme_lies_where_github_looks_then_it_is_the_card(
    github, settings, inquiry, path, read
):
    settings.GITHUB_TOKEN = "secret"
    card = b"---\nlicense: mit\n---\n# Tea\n"
    entry = {"type": "blob", "path": path, "size": len(card), "sha": git_sha(card)}
    github.routes |= {
        "/repos/acme/code": json_reply({"full_name": "acme/Code", "default_branch": "trunk"}),
        f"/repos/acme/Code/git/trees/{COMMIT}": json_reply({"tree": [entry], "truncated": False}),
        "/repos/acme/Code/readme": Reply(status=404),
        "/graphql": json_reply({"data": {"repository": {"file0": {"text": card.decode()}}}}),
    }
    _, found = snapshot(GIT + "acme/code", inquiry)
    assert found.license == read
    assert found.facts["readings"]["readme"]["path"] == (path if read else "")


@pytest.fixture
def branches(github):
    """The same repository, whose branches and tags are listed as GitHub lists them."""
    base = "/repos/acme/Code"
    refs = [
        {"ref": f"refs/heads/{name}", "object": {"type": "commit", "sha": COMMIT}}
        for name in ("feature/x", "feature/x-2", "feature/y/z")
    ]
    tags = [{"name": "v1"}, {"name": "feature", "commit": {"sha": "dead" * 10}}]
    github.routes |= {
        f"{base}/git/matching-refs/heads/feature": json_reply([*refs, "nonsense"]),
        f"{base}/git/matching-refs/heads/c0ffeec": json_reply([]),
        f"{base}/tags": json_reply(tags),
        f"{base}/commits/c0ffeec": Reply(COMMIT.encode()),
        f"{base}/commits/{COMMIT}": Reply(COMMIT.encode()),
    }
    return github


@pytest.mark.parametrize(
    ("page", "ref", "folder", "name"),
    [
        ("tree/feature/x", "feature/x", "", "code"),
        ("tree/feature/x/src", "feature/x", "src", "src"),
        ("tree/feature/y/z", "feature/y/z", "", "code"),
        ("blob/feature/x/src/a.py", "feature/x", "", "code"),
        ("tree/HEAD", "", "", "code"),
        ("tree/HEAD/src", "", "src", "src"),
        ("tree/refs/heads/trunk", "", "", "code"),
        ("blob/trunk/src/a.py", "", "", "code"),
        ("tree/trunk/src/a.py", "", "", "code"),
        ("tree/c0ffeec/src", COMMIT, "src", "src"),
        (f"commit/{COMMIT}", COMMIT, "", "code"),
    ],
)
def test_github_when_a_page_is_copied_then_the_longest_ref_in_six_requests(
    branches, inquiry, page, ref, folder, name
):
    _, found = snapshot(f"{GIT}acme/code/{page}", inquiry)
    reference = found.reference
    assert (reference.ref, reference.folder, reference.name) == (ref, folder, name)
    assert (found.commit, reference.file) == (COMMIT, "")
    # The card of a folder without one takes one more.
    assert len(branches.asked) <= 6 + bool(folder)


def test_github_when_branch_and_folder_are_the_default_then_five_requests(github, inquiry):
    snapshot(GIT + "acme/code/tree/trunk/src", inquiry)
    assert len([path for path in github.paths if "/contents/" not in path]) == 5


def test_github_when_the_ref_is_the_default_then_the_same_source(github, inquiry):
    _, found = snapshot(GIT + "acme/code/tree/trunk", inquiry)
    assert found.reference.key == "github:acme/code"


@pytest.mark.parametrize("path", ["tree/nothing/here", "tree/trunk/nowhere"])
def test_github_when_ref_or_folder_is_not_there_then_refused(github, inquiry, path):
    with pytest.raises(SourceRefused):
        snapshot(f"{GIT}acme/code/{path}", inquiry)


@pytest.mark.parametrize("status", [404, 451])
def test_github_when_there_is_no_such_repository_then_refused(server, inquiry, status):
    server.routes["/repos/acme/code"] = Reply(status=status)
    with pytest.raises(SourceRefused, match="acme/code"):
        snapshot(GIT + "acme/code", inquiry)


def test_github_when_the_repository_is_empty_then_refused(github, inquiry):
    github.routes["/repos/acme/Code/commits/trunk"] = Reply(status=409)
    with pytest.raises(SourceRefused, match="empty"):
        snapshot(GIT + "acme/code", inquiry)


def test_github_when_the_list_is_cut_then_a_link_with_the_reason(github, inquiry):
    github.routes[f"/repos/acme/Code/git/trees/{COMMIT}"] = json_reply(
        {"tree": [], "truncated": True}
    )
    assert snapshot(GIT + "acme/code", inquiry)[1].link_only_reason


def test_github_when_its_rate_is_spent_then_unavailable_until_it_says(server, inquiry):
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}
    server.routes["/repos/acme/code"] = Reply(status=403, headers=headers)
    with pytest.raises(SourceUnavailable) as caught:
        snapshot(GIT + "acme/code", inquiry)
    assert caught.value.retry_after_s > 1_000


def test_github_when_listing_and_bytes_differ_but_its_answers_agree_then_those_bytes(
    github, inquiry
):
    changed = b"# another card\n"
    github.routes[f"/repos/acme/Code/tarball/{COMMIT}"] = Reply(
        archive(CODE | {"README.md": changed})
    )
    blob = f"/repos/acme/Code/git/blobs/{git_sha(CODE['README.md'])}"
    github.routes[blob] = Reply(changed)
    source, found = snapshot(GIT + "acme/code", inquiry)
    fetched = {
        file.path: (file.digest, b"".join(chunks))
        for file, chunks in source.fetch_contents(found.reference, found.commit, found.files)
    }
    assert fetched["README.md"] == (f"sha256:{hashlib.sha256(changed).hexdigest()}", changed)


@pytest.mark.parametrize("raw", [b"no archive", archive(CODE)[:300]], ids=["nonsense", "cut"])
def test_github_when_the_archive_is_broken_then_unavailable(github, inquiry, raw):
    github.routes[f"/repos/acme/Code/tarball/{COMMIT}"] = Reply(raw)
    source, found = snapshot(GIT + "acme/code", inquiry)
    with pytest.raises(SourceUnavailable):
        contents(source, found)


ODD = {"README.md": b"# odd\n", "Icon\r": b"icon", "src\\a.py": b"print(2)\n", "c:d.txt": b"d"}


@pytest.fixture
def odd(github):
    """The same repository with odd names, a submodule and a link."""
    tree = [
        {"type": "blob", "path": path, "size": len(data), "sha": git_sha(data), "mode": "100644"}
        for path, data in ODD.items()
    ]
    link = b"/etc/passwd"
    tree += [
        {"type": "commit", "path": "deps/fmt", "sha": "1" * 40, "mode": "160000"},
        {"type": "blob", "path": "link", "size": len(link), "sha": git_sha(link), "mode": "120000"},
        {"type": "tree", "path": "deps"}, {"type": "commit"}, {},
    ]  # fmt: skip
    base = "/repos/acme/Code"
    github.routes |= {
        f"{base}/git/trees/{COMMIT}": json_reply({"tree": tree, "truncated": False}),
        f"{base}/tarball/{COMMIT}": Reply(archive(ODD)),
    } | {f"{base}/git/blobs/{git_sha(data)}": Reply(data) for data in (*ODD.values(), link)}
    return github


def test_github_when_names_cannot_be_kept_then_their_files_are_all_the_same(odd, inquiry):
    source, found = snapshot(GIT + "acme/code", inquiry)
    assert found.link_only_reason == ""
    assert contents(source, found) == {
        "README.md": b"# odd\n", "Icon[U+000D]": b"icon", "src[U+005C]a.py": b"print(2)\n",
        "c[U+003A]d.txt": b"d", "link": b"/etc/passwd",
    }  # fmt: skip


def test_github_when_something_is_no_plain_file_then_the_facts_name_it(odd, inquiry):
    _, found = snapshot(GIT + "acme/code", inquiry)
    assert found.facts["submodules"]["deps/fmt"] == "1" * 40
    assert found.facts["symbolic_links"] == ["link"]
    assert found.facts["renamed_files"]["Icon[U+000D]"] == "Icon\r"


@pytest.mark.parametrize("folder", ["deps/fmt", "deps/fmt/include"])
def test_github_when_the_folder_is_a_submodule_then_refused_with_what_to_do(odd, inquiry, folder):
    with pytest.raises(SourceRefused, match=r"'deps/fmt' is a submodule.*Register that"):
        snapshot(f"{GIT}acme/code/tree/trunk/{folder}", inquiry)
