"""A model of the Hub from its URL to its bytes."""

import hashlib

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.rules.archives.paths import check_member_path
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT, HUB, contents, git_sha, snapshot

FILES = {
    "README.md": b"---\nlicense: mit\ntags: [x]\n---\n# A card\n",
    "config.json": b'{"_name_or_path": "acme/parent"}',
    "onnx/model.onnx": b"\x01" * 50,
}


@pytest.fixture
def hub(server):
    """A model with a file in LFS, in two pages."""
    info = {"id": "acme/Robot", "sha": COMMIT, "downloads": 3, "tags": ["license:mit"]}
    entries = [
        {"type": "file", "path": path, "size": len(data), "oid": git_sha(data)}
        for path, data in FILES.items()
    ]
    entries[2]["lfs"] = {"oid": hashlib.sha256(FILES["onnx/model.onnx"]).hexdigest(), "size": 50}
    tree = f"/api/models/acme/Robot/tree/{COMMIT}"
    more = {"Link": f'<{server.url}{tree}?page=2>; rel="next"'}
    server.routes |= {
        "/api/models/acme/robot/revision/main": json_reply(info),
        f"{tree}?page=2": json_reply(entries[1:]),
        tree: json_reply([{"type": "directory", "path": "onnx"}, entries[0]], headers=more),
        "/api/models/acme/Robot/refs": json_reply(
            {"tags": [{"name": "v1.0", "targetCommit": COMMIT}, {"x": 1}]}
        ),
    } | {f"/acme/Robot/resolve/{COMMIT}/{path}": Reply(data) for path, data in FILES.items()}
    return server


def test_hub_when_a_model_is_there_then_everything_about_it(hub, inquiry):
    source, found = snapshot(HUB + "acme/robot", inquiry)
    assert (found.reference.key, found.commit) == ("huggingface_model:acme/robot", COMMIT)
    assert {file.path: file.size_bytes for file in found.files} == {
        path: len(data) for path, data in FILES.items()
    }
    assert [file.digest.partition(":")[0] for file in found.files] == ["git", "git", "sha256"]
    assert (found.license, found.tags, found.link_only_reason) == ("mit", {"v1.0": COMMIT}, "")
    assert found.card == {"license": "mit", "tags": ["x"]}
    assert found.config == {"_name_or_path": "acme/parent"}
    assert found.facts["downloads"] == 3
    assert contents(source, found) == FILES


def test_hub_when_a_folder_is_asked_for_then_only_its_files(hub, inquiry):
    _, found = snapshot(HUB + "acme/robot/tree/main/onnx", inquiry)
    assert [file.path for file in found.files] == ["model.onnx"]
    assert found.reference.key == "huggingface_model:acme/robot//onnx"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_hub_when_there_is_no_such_model_then_refused(server, inquiry, status):
    server.routes["/api/models/acme/robot/revision/main"] = Reply(status=status)
    with pytest.raises(SourceRefused, match="does not exist or is private"):
        snapshot(HUB + "acme/robot", inquiry)


def test_hub_when_there_is_no_such_revision_then_named(server, inquiry):
    reply = Reply(status=404, headers={"X-Error-Code": "RevisionNotFound"})
    server.routes["/api/models/acme/robot/revision/v9"] = reply
    with pytest.raises(SourceRefused, match="v9"):
        snapshot(HUB + "acme/robot/tree/v9", inquiry)


@pytest.mark.parametrize(
    "info", [[], {"id": 5}, {"id": "acme/robot"}, {"id": "acme/robot", "sha": "../x"}]
)
def test_hub_when_it_answers_nonsense_then_unavailable(server, inquiry, pauses, info):
    server.routes["/api/models/acme/robot/revision/main"] = json_reply(info)
    with pytest.raises(SourceUnavailable):
        snapshot(HUB + "acme/robot", inquiry)


def test_hub_when_a_model_is_gated_then_a_link_with_the_reason(hub, inquiry):
    info = {"id": "acme/Robot", "sha": COMMIT, "gated": "auto", "cardData": {"license": "other"}}
    hub.routes["/api/models/acme/robot/revision/main"] = json_reply(info)
    for path in [*FILES]:
        hub.routes[f"/acme/Robot/resolve/{COMMIT}/{path}"] = Reply(status=401)
    _, found = snapshot(HUB + "acme/robot", inquiry)
    assert "accepted" in found.link_only_reason
    assert (found.license, found.readme) == ("other", "")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a\\b", "a//b", "x\x00y", "C:x"])
def test_hub_when_a_path_is_hostile_then_kept_under_a_safe_name(hub, inquiry, path):
    entries = [{"type": "file", "path": path, "size": 1, "oid": "0" * 40}]
    hub.routes[f"/api/models/acme/Robot/tree/{COMMIT}"] = json_reply(entries)
    (file,) = snapshot(HUB + "acme/robot", inquiry)[1].files
    assert (check_member_path(file.path), file.source_path) == (file.path, path)


def test_hub_when_the_list_goes_on_elsewhere_then_refused(hub, inquiry):
    away = {"Link": '<https://evil.example/x>; rel="next"'}
    hub.routes[f"/api/models/acme/Robot/tree/{COMMIT}"] = json_reply([], headers=away)
    with pytest.raises(SourceRefused, match="another host"):
        snapshot(HUB + "acme/robot", inquiry)
