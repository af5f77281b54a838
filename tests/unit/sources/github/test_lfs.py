"""Files of a repository that Git LFS keeps elsewhere."""

import hashlib
import json
from dataclasses import replace

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.sources.github import lfs
from tests.fakes.loopback import Reply, json_reply, serve
from tests.unit.sources.asking import COMMIT, GIT, git_sha, snapshot
from tests.unit.sources.github.test_repositories import archive

WEIGHTS = b"\x03" * 5_000
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
POINTER = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize {len(WEIGHTS)}\n"
).encode()
FILES = {
    "README.md": b"# big\n",
    "model.safetensors": POINTER,
    "notes.txt": b"as long as a pointer is, but something else".ljust(134, b"."),
}
BATCH = "/acme/Code.git/info/lfs/objects/batch"


@pytest.fixture
def big(server, settings):
    """A repository whose weights are a pointer, and its objects beside it."""
    settings.GITHUB_WEB_URL = server.url
    tree = [
        {"type": "blob", "path": path, "size": len(data), "sha": git_sha(data), "mode": "100644"}
        for path, data in FILES.items()
    ]
    base = "/repos/acme/Code"
    server.routes |= {
        "/repos/acme/code": json_reply({"full_name": "acme/Code", "default_branch": "main"}),
        f"{base}/commits/main": Reply(COMMIT.encode()),
        f"{base}/git/trees/{COMMIT}": json_reply({"tree": tree, "truncated": False}),
        f"{base}/tarball/{COMMIT}": Reply(archive(FILES)),
        f"{base}/git/blobs/{git_sha(POINTER)}": Reply(POINTER),
        "/objects/1": Reply(WEIGHTS),
    }
    return server


def offer(href: str, **more) -> Reply:
    download = {"href": href, "header": {"X-Key": "k", "Host": "evil.example"}, **more}
    return json_reply({"objects": [{"oid": SHA256, "actions": {"download": download}}]})


def fetched(inquiry) -> dict[str, tuple[bytes, str, int | None]]:
    source, found = snapshot(GIT + "acme/code", inquiry)
    contents = source.fetch_contents(found.reference, found.commit, found.files)
    return {
        file.path: (b"".join(chunks), file.digest, file.size_bytes) for file, chunks in contents
    }


def test_fetch_contents_when_github_gives_the_object_then_it_comes_for_the_pointer(
    big, inquiry, settings
):
    settings.GITHUB_TOKEN = "ghp_secret"
    big.routes[BATCH] = offer(f"{big.url}/objects/1")
    found = fetched(inquiry)
    assert found["model.safetensors"] == (WEIGHTS, f"sha256:{SHA256}", len(WEIGHTS))
    assert {path: found[path][0] for path in ("README.md", "notes.txt")} == {
        path: FILES[path] for path in ("README.md", "notes.txt")
    }
    batch, download = big.asked[-2:]
    assert (batch.method, batch.headers["content-type"]) == ("POST", lfs._MEDIA_TYPE)
    assert json.loads(batch.body)["objects"] == [{"oid": SHA256, "size": len(WEIGHTS)}]
    assert (download.headers["x-key"], download.headers["host"]) == ("k", big.host)
    assert "authorization" not in batch.headers | download.headers


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Reply(status=404), id="no LFS"),
        pytest.param(Reply(status=403), id="quota spent"),
        pytest.param(Reply(b"<html>", headers={"Content-Type": "text/html"}), id="a page"),
        pytest.param(json_reply([]), id="another form"),
        pytest.param(json_reply({"objects": [7, {"oid": SHA256, "actions": 7}]}), id="no actions"),
        pytest.param(
            json_reply({"objects": [{"oid": SHA256, "error": {"code": 404}}]}), id="no object"
        ),
        pytest.param(offer("http://127.0.0.1:9/x"), id="a private address"),
        pytest.param(offer("https://user:word@host.example/x"), id="credentials in it"),
        pytest.param(offer("file:///etc/passwd"), id="no address of the web"),
        pytest.param(offer("https://[x"), id="no address"),
        pytest.param(
            offer("https://x.example", header={f"X-{n}": "" for n in range(99)}), id="many"
        ),
    ],
)
def test_fetch_contents_when_the_object_is_not_given_then_the_pointer_and_the_rest(
    big, inquiry, answer
):
    big.routes[BATCH] = answer
    assert {path: data for path, (data, *_) in fetched(inquiry).items()} == FILES


def test_fetch_contents_when_storage_refuses_the_object_then_the_pointer(big, inquiry):
    big.routes |= {BATCH: offer(f"{big.url}/objects/1"), "/objects/1": Reply(status=403)}
    assert fetched(inquiry)["model.safetensors"][0] == POINTER


@pytest.mark.parametrize("mirror", ["always", "small"])
def test_fetch_contents_when_the_object_is_larger_than_may_be_kept_then_the_pointer(
    big, inquiry, settings, set_limits, mirror
):
    big.routes[BATCH] = offer(f"{big.url}/objects/1")
    settings.REGISTRY_MIRROR = mirror
    most_bytes = len(WEIGHTS) + sum(map(len, FILES.values()))
    settings.REGISTRY_CONTENT_MAX_BYTES = most_bytes - (mirror == "always")
    set_limits(SMALL_CONTENT_MAX_BYTES=most_bytes - 1)
    assert fetched(inquiry)["model.safetensors"][0] == POINTER
    settings.REGISTRY_CONTENT_MAX_BYTES = most_bytes
    set_limits(SMALL_CONTENT_MAX_BYTES=most_bytes)
    assert fetched(inquiry)["model.safetensors"][0] == WEIGHTS


def test_fetch_contents_when_lfs_is_in_trouble_then_unavailable(big, inquiry, pauses):
    big.routes[BATCH] = Reply(status=503)
    with pytest.raises(SourceUnavailable):
        fetched(inquiry)


def test_fetch_contents_when_storage_redirects_then_its_credentials_stay(big, inquiry, settings):
    with serve() as other:
        settings.REGISTRY_PRIVATE_HOSTS = (big.host, other.host)
        big.routes[BATCH] = offer(f"{big.url}/objects/1", header={"Authorization": "Basic eA=="})
        big.routes["/objects/1"] = Reply(status=302, headers={"Location": f"{other.url}/there"})
        other.routes["/there"] = Reply(WEIGHTS)
        assert fetched(inquiry)["model.safetensors"][0] == WEIGHTS
        assert big.asked[-1].headers["authorization"] == "Basic eA=="
        assert "authorization" not in other.asked[0].headers


def test_read_pointer_when_the_bytes_are_not_those_listed_then_no_pointer(big, inquiry):
    _, found = snapshot(GIT + "acme/code", inquiry)
    file = next(each for each in found.files if each.path == "model.safetensors")
    assert isinstance(lfs.read_pointer(file, iter([POINTER])), lfs.FoundPointer)
    changed = lfs.read_pointer(replace(file, digest=f"git:{'0' * 40}"), iter([POINTER]))
    assert not isinstance(changed, lfs.FoundPointer)
    assert b"".join(changed) == POINTER
