from typing import Any

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import README_MAX_BYTES
from artifacts.rules.reading import ReadState
from artifacts.services.trust.model_facts import read_snapshot_facts
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.huggingface.conftest import CARD, COMMIT, entry, git_oid, info

API = "/api/models/acme/robot"
FILES = f"/acme/robot/raw/{COMMIT}"
INFO, TREE = f"{API}/revision/main", f"{API}/tree/{COMMIT}"


def test_fetch_snapshot_when_all_is_well_then_everything_in_five_requests(hub, take):
    snapshot = take()
    assert snapshot.commit == COMMIT
    assert snapshot.readme == CARD.decode()
    assert (snapshot.license, snapshot.tags) == ("mit", {"v1.0": COMMIT, "v1.1": ""})
    assert snapshot.card == {"license": "mit", "datasets": ["acme/tea"]}
    assert snapshot.config == {"model_type": "robot"}
    assert snapshot.facts["downloads"] == 7
    assert "siblings" not in snapshot.facts
    assert snapshot.link_only_reason == ""
    assert len(hub.asked) == 5


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (["adapter_config.json", "model_index.json"], {"is": "adapter"}),
        (["model_index.json", 5], {"is": "index"}),
        (["sub/config.json", "weights.gguf"], {}),
    ],
    ids=["an adapter", "a pipeline", "neither"],
)
def test_fetch_snapshot_when_another_file_describes_the_model_then_that(
    hub, take, listed, expected
):
    siblings = [{"rfilename": name} for name in listed]
    hub.routes[INFO] = json_reply(info(siblings=siblings))
    names = ["README.md", *(name for name in listed if isinstance(name, str))]
    hub.routes[TREE] = json_reply([entry(name, b"x") for name in names])
    hub.routes[f"{FILES}/adapter_config.json"] = json_reply({"is": "adapter"})
    hub.routes[f"{FILES}/model_index.json"] = json_reply({"is": "index"})
    assert take().config == expected
    assert len(hub.asked) == 4 + bool(expected)


def test_fetch_snapshot_when_the_hub_tells_its_scan_then_kept_without_another_request(hub, take):
    scan = {"scansDone": True, "filesWithIssues": [{"path": "a.pkl", "level": "unsafe"}]}
    hub.routes[INFO] = json_reply(info(securityRepoStatus=scan))
    snapshot = take()
    assert any("securityStatus=true" in str(each) for each in hub.asked)
    assert len(hub.asked) == 5
    assert read_snapshot_facts(snapshot).scan == scan


def test_fetch_snapshot_when_the_hub_lists_no_files_then_config_json_is_tried(hub, take):
    hub.routes[INFO] = json_reply(info(siblings=None))
    assert take().config == {"model_type": "robot"}


def test_fetch_snapshot_when_siblings_are_cut_short_then_the_tree_decides(hub, take):
    hub.routes[INFO] = json_reply(info(siblings=[{"rfilename": "README.md"}]))
    assert take().config == {"model_type": "robot"}
    assert len(hub.asked) == 5


def test_fetch_snapshot_when_a_name_cannot_be_kept_then_the_others_are(hub, take):
    hub.routes[TREE] = json_reply([entry("a.bin", b"a"), entry("ckpt\\b.bin", b"b")])
    found = take()
    assert [file.path for file in found.files] == ["a.bin", "ckpt[U+005C]b.bin"]
    assert found.facts["renamed_files"] == {"ckpt[U+005C]b.bin": "ckpt\\b.bin"}
    assert found.link_only_reason == ""


@pytest.mark.parametrize(
    ("path", "ref", "folder", "name"),
    [
        ("tree/feature%2Fx", "feature/x", "", "robot"),
        ("tree/feature/x", "feature/x", "", "robot"),
        ("tree/feature/x/sub", "feature/x", "sub", "sub"),
        ("blob/feature/x/sub/config.json", "feature/x", "", "robot"),
        ("tree/release/2.0", "release/2.0", "", "robot"),
        ("tree/release/2.0/sub", "release/2.0", "sub", "sub"),
        ("tree/refs/heads/feature/x", "feature/x", "", "robot"),
        ("tree/refs%2Fpr%2F1", "refs/pr/1", "", "robot"),
        ("tree/HEAD", "", "", "robot"),
        ("tree/main/config.json", "", "", "robot"),
        ("tree/HEAD/sub", "", "sub", "sub"),
        ("commit/c0ffeec", COMMIT, "", "robot"),
        ("discussions/1", "", "", "robot"),
    ],
)
def test_fetch_snapshot_when_a_page_is_copied_then_the_longest_ref(
    hub, take, path, ref, folder, name
):
    hub.routes[f"{API}/refs"] = json_reply(
        {
            "branches": [{"name": "feature/x", "ref": "refs/heads/feature/x"}, 7],
            "tags": [{"name": "release/2.0", "targetCommit": COMMIT}],
            "converts": [],
        }
    )
    for known in ("feature%2Fx", "release%2F2.0", "refs%2Fpr%2F1", "c0ffeec"):
        hub.routes[f"{API}/revision/{known}"] = json_reply(info())
    found = take(f"acme/robot/{path}")
    reference = found.reference
    assert (reference.ref, reference.folder, reference.name) == (ref, folder, name)
    assert found.tags == {"release/2.0": COMMIT}
    # A folder without a card takes two more: elsewhere, and that of the repository.
    assert len(hub.asked) <= 5 + 2 * bool(folder)


def test_fetch_snapshot_when_results_stand_beside_the_card_then_they_are_the_cards(hub, take):
    results: list[dict[str, list[Any]]] = [{"results": []}]
    hub.routes[INFO] = json_reply(info(**{"model-index": results}))
    card = take().card
    assert (card["model-index"], card["license"]) == (results, "mit")


def test_fetch_snapshot_when_files_are_listed_then_sizes_and_digests_are_the_trees(take):
    files = {file.path: file for file in take().files}
    assert sorted(files) == [
        "README.md", "config.json", "sub/config.json", "sub/model.safetensors"
    ]  # fmt: skip
    assert files["README.md"].digest == f"git:{git_oid(CARD)}"
    assert files["sub/model.safetensors"].digest.startswith("sha256:")
    assert files["sub/model.safetensors"].size_bytes == 1_000


@pytest.mark.parametrize("ref", ["", "/tree/main"], ids=["none", "main"])
def test_fetch_snapshot_when_ref_is_the_default_then_it_is_empty(take, ref):
    assert take(f"acme/robot{ref}").reference.key == "huggingface_model:acme/robot"


def test_fetch_snapshot_when_ref_is_a_tag_then_it_is_kept(hub, take):
    hub.routes[f"{API}/revision/v1.0"] = json_reply(info())
    assert take("acme/robot/tree/v1.0").reference.ref == "v1.0"


def test_fetch_snapshot_when_repository_was_renamed_then_under_its_new_name(hub, take):
    hub.routes["/api/models/Robot/revision/main"] = Reply(status=307, headers={"Location": INFO})
    assert take("Robot").reference.repository == "acme/robot"


def test_fetch_snapshot_when_folder_given_then_its_files_and_config(take):
    snapshot = take("acme/robot/tree/main/sub")
    assert [file.path for file in snapshot.files] == ["model.safetensors", "config.json"]
    # The folder has no card of its own, and an empty configuration.
    assert snapshot.readme == CARD.decode()
    assert snapshot.config == {}


def test_fetch_snapshot_when_folder_has_a_card_then_that_one(hub, take):
    hub.routes[TREE] = json_reply([entry("README.md", CARD), entry("sub/README.md", b"# sub")])
    hub.routes[f"{FILES}/sub/README.md"] = Reply(b"# sub")
    assert take("acme/robot/tree/main/sub").readme == "# sub"


def test_fetch_snapshot_when_folder_does_not_exist_then_refused(take):
    with pytest.raises(SourceRefused, match="no folder"):
        take("acme/robot/tree/main/nope")


def test_fetch_snapshot_when_data_set_then_no_config_is_asked_for(hub, take):
    hub.routes["/api/datasets/acme/tea/revision/main"] = json_reply(info(id="acme/tea"))
    hub.routes[f"/api/datasets/acme/tea/tree/{COMMIT}"] = json_reply(
        [entry("a.csv", b"1"), entry("README.md", CARD)]
    )
    snapshot = take("datasets/acme/tea")
    assert [file.path for file in snapshot.files] == ["a.csv", "README.md"]
    assert f"/datasets/acme/tea/raw/{COMMIT}/README.md" in hub.paths
    assert not any("config.json" in path for path in hub.paths)


@pytest.mark.parametrize(
    ("changes", "license_"),
    [
        ({}, "mit"),
        ({"cardData": {"license": ["mit", "apache-2.0"]}}, "mit AND apache-2.0"),
        ({"cardData": {"license": "other", "license_name": "llama3"}}, "llama3"),
        ({"cardData": {"x": 1}}, "apache-2.0"),
        ({"cardData": {"x": 1}, "tags": ["license:mit", 7, "license:gpl"]}, "mit AND gpl"),
        ({"cardData": {"x": 1}, "tags": "license:mit"}, ""),
        ({"cardData": None, "tags": []}, "mit"),
    ],
    ids=["card", "list", "other", "tag", "tags", "tags-no-list", "front-matter"],
)
def test_fetch_snapshot_when_license_is_stated_anywhere_then_found(hub, take, changes, license_):
    hub.routes[INFO] = json_reply(info(**changes))
    assert take().license == license_


def test_fetch_snapshot_when_card_of_the_api_is_a_trap_then_left_out(hub, take):
    deep = b'{"a":' * 500 + b"1" + b"}" * 500
    hub.routes[INFO] = Reply(
        b'{"id": "acme/robot", "sha": "%s", "cardData": %s}' % (COMMIT.encode(), deep)
    )
    assert take().card == {"license": "mit"}


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b"\xff", b'{"a":' * 500 + b"1" + b"}" * 500, b'{"a": "%s"}' % (b"x" * 2**21)],
    ids=["broken", "no-mapping", "no-text", "too-deep", "too-long"],
)
def test_fetch_snapshot_when_config_is_unusable_then_empty_and_said_so(hub, take, body):
    hub.routes[f"{FILES}/config.json"] = Reply(body)
    snapshot = take()
    assert snapshot.config == {}
    reading = snapshot.facts["readings"]["config"]
    assert reading["state"] == ReadState.UNREADABLE
    assert "config.json" in reading["reason"]


def test_fetch_snapshot_when_card_and_config_are_not_given_then_empty_and_said_so(hub, take):
    for name in ("README.md", "config.json"):
        hub.routes[f"{FILES}/{name}"] = Reply(status=404)
    snapshot = take()
    assert (snapshot.readme, snapshot.config) == ("", {})
    states = [snapshot.facts["readings"][name]["state"] for name in ("readme", "config")]
    assert states == [ReadState.NOT_OPENED] * 2


def test_fetch_snapshot_when_card_is_very_long_then_cut(hub, take):
    hub.routes[f"{FILES}/README.md"] = Reply(b"x" * (README_MAX_BYTES + 1))
    assert len(take().readme) == README_MAX_BYTES


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "file", "path": "a", "size": 1},
        {"type": "file", "path": "a", "size": 1, "oid": 7},
        {"type": "file", "path": "a", "size": "1", "oid": "a" * 40},
        {"type": "file", "path": "a", "size": 1, "oid": "a" * 40, "lfs": {"oid": "short"}},
    ],
    ids=["no-digest", "digest-no-text", "size-no-number", "short-sha256"],
)
def test_fetch_snapshot_when_tree_has_another_form_then_unavailable(hub, take, broken):
    hub.routes[TREE] = json_reply([broken])
    with pytest.raises(SourceUnavailable, match="file list"):
        take()


@pytest.mark.parametrize("sha", [None, "main", 7], ids=str)
def test_fetch_snapshot_when_hub_names_no_commit_then_unavailable(hub, take, sha):
    hub.routes[INFO] = json_reply(info(sha=sha))
    with pytest.raises(SourceUnavailable, match="which commit"):
        take()


MERGE = b"merge_method: slerp\nmodels: [{model: acme/kettle}, {model: acme/cup}]\n"


@pytest.mark.parametrize(
    ("card", "merged"), [({}, ["acme/kettle", "acme/cup"]), ({"base_model": "acme/cup"}, None)]
)
def test_fetch_snapshot_when_a_merge_leaves_its_models_to_a_file_then_it_is_opened(
    hub, take, card, merged
):
    hub.routes[INFO] = json_reply(info(cardData={"license": "mit"} | card))
    hub.routes[TREE] = json_reply(
        [entry("README.md", CARD), entry("config.json", b"{}"), entry("mergekit_config.yml", MERGE)]
    )
    hub.routes[f"{FILES}/mergekit_config.yml"] = Reply(MERGE)
    assert take().facts.get("merged") == merged
