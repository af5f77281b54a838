import pytest

from artifacts.enums import ArtifactType, SourceKind
from artifacts.rules.hub.repo_ids import (
    OwnerKind,
    RepoId,
    is_repo_id,
    is_reserved_owner,
    make_repo_id,
    plain_repo_id,
    split_repo_id,
)

ID = "model-1-1760000000000001"


def made(**changes) -> str:
    given = {
        "artifact_type": ArtifactType.MODEL,
        "artifact_id": ID,
        "name": "robot",
        "uploader_name": "ursula",
        "source_kind": SourceKind.HUGGINGFACE_MODEL,
        "repository": "Acme/Robot",
        "folder": "",
    }
    return make_repo_id(**given | changes)


@pytest.mark.parametrize(
    ("changes", "repo_id"),
    [
        pytest.param({}, "Acme/Robot", id="the Hub's own"),
        pytest.param(
            {"source_kind": SourceKind.HUGGINGFACE_DATASET, "artifact_type": ArtifactType.DATASET},
            "Acme/Robot",
            id="a data set of the Hub",
        ),
        pytest.param({"source_kind": SourceKind.GITHUB}, "github.Acme/Robot", id="GitHub"),
        pytest.param({"source_kind": SourceKind.KAGGLE}, "kaggle.Acme/Robot", id="Kaggle"),
        pytest.param(
            {"source_kind": SourceKind.UPLOAD, "repository": "6f1c"}, "registry.ursula/robot",
            id="an upload",
        ),
        pytest.param(
            {"source_kind": SourceKind.DIRECT, "repository": "https://a.example/robot.zip"},
            "registry.ursula/robot",
            id="a file of the web",
        ),
        pytest.param({"folder": "onnx"}, f"registry/{ID}", id="a folder is not the repository"),
        pytest.param({"repository": "gpt2"}, f"registry/{ID}", id="no owner"),
        pytest.param({"repository": "registry.ursula/robot"}, f"registry/{ID}", id="poses as ours"),
        pytest.param({"repository": "github.acme/robot"}, f"registry/{ID}", id="poses as GitHub's"),
        pytest.param(
            {"source_kind": SourceKind.HUGGINGFACE_DATASET}, f"registry/{ID}",
            id="a data set as a model poses as no model",
        ),
        pytest.param(
            {"source_kind": SourceKind.UPLOAD, "name": "my robot"}, f"registry/{ID}", id="a blank"
        ),
        pytest.param(
            {"source_kind": SourceKind.UPLOAD, "name": "a/b"}, f"registry/{ID}", id="a slash"
        ),
        pytest.param(
            {"source_kind": SourceKind.UPLOAD, "uploader_name": "Åse"}, f"registry/{ID}",
            id="a user whose name is no owner",
        ),
    ],
)  # fmt: skip
def test_id_when_made_then_by_its_source_and_never_anothers(changes, repo_id):
    assert made(**changes) == repo_id
    assert is_repo_id(repo_id)


@pytest.mark.parametrize(
    "text",
    ["", "/", "a/", "/a", "a/b/c", "a--b", "a..b/c", "a/b.git", "-a/b", "a/b-", "a/.b", "a b/c",
     "ä/b", "a/\x00", "a" * 97, "a/" + "b" * 97, "a/b\n", "%2e%2e/b"],
)  # fmt: skip
def test_text_when_no_client_would_send_it_as_an_id_then_none(text):
    assert not is_repo_id(text)
    assert split_repo_id(text) is None


@pytest.mark.parametrize("text", ["a/b", "gpt2", "_a_/b.c-d", "a" * 96 + "/" + "b" * 96])
def test_text_when_clients_accept_it_then_an_id(text):
    assert is_repo_id(text)


@pytest.mark.parametrize(
    ("repo_id", "parts"),
    [
        ("acme/robot", RepoId(None, "acme", "robot")),
        ("github/robot", RepoId(None, "github", "robot")),
        ("github.acme/robot", RepoId(OwnerKind.GITHUB, "acme", "robot")),
        ("Registry.Ursula/robot", RepoId(OwnerKind.REGISTRY, "Ursula", "robot")),
        (f"registry/{ID}", RepoId(OwnerKind.REGISTRY, "", ID)),
    ],
)
def test_id_when_split_then_whose_owner_it_is(repo_id, parts):
    assert split_repo_id(repo_id) == parts
    assert parts.artifact_id == (ID if repo_id == plain_repo_id(ID) else "")


def test_id_when_it_has_no_owner_then_nothing_to_split():
    assert split_repo_id("gpt2") is None


@pytest.mark.parametrize(
    ("owner", "is_ours"),
    [("registry", True), ("Registry.x", True), ("github.x", True), ("KAGGLE.x", True),
     ("github", False), ("kaggle", False), ("registryx", False), ("acme", False)],
)  # fmt: skip
def test_owner_when_this_registry_gives_it_out_then_reserved(owner, is_ours):
    assert is_reserved_owner(owner) == is_ours
