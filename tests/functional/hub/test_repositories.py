"""Info, revisions, refs, commits, and the ids under which all of it is found."""

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import InvalidUrl
from artifacts.models import Artifact, Withdrawal
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.sources.huggingface import HuggingFaceSource
from tests.clients import HubClient, refusal, user_with
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.factories.repositories import (
    COMMIT,
    CONFIG,
    FILES,
    OLD_COMMIT,
    add_revision,
    git_oid,
    make_repository,
)

pytestmark = pytest.mark.django_db
INFO = "/api/models/acme/robot"


def test_info_when_asked_for_then_made_of_rows(hub):
    artifact = make_repository(
        card={"tags": ["robot"], "library_name": "timm"},
        config={"model_type": "robot"},
        facts={"pipeline_tag": "fill-mask", "downloads": 10**9},
        license="mit",
    )
    make_rating(artifact, gate="passed")
    found = hub.get(INFO).json()
    assert found.pop("lastModified").endswith("Z")
    assert found.pop("createdAt") == "2025-10-09T08:53:20.000Z"
    assert found == {
        "_id": artifact.id, "id": "acme/robot", "modelId": "acme/robot", "author": "acme",
        "sha": COMMIT, "private": False, "gated": False, "disabled": False, "downloads": 0,
        "likes": 0, "tags": ["registry:gate-passed", "license:mit", "fill-mask", "timm", "robot"],
        "cardData": {"tags": ["robot"], "library_name": "timm"},
        "config": {"model_type": "robot"}, "pipeline_tag": "fill-mask", "library_name": "timm",
        "siblings": [{"rfilename": path} for path in sorted(FILES)],
    }  # fmt: skip


def test_info_when_downloaded_here_then_counted(hub):
    make_repository()
    hub.get("/acme/robot/resolve/main/config.json")
    assert hub.get(INFO).json()["downloads"] == 1


@pytest.mark.parametrize("flag", ["true", "True"])
def test_info_when_details_are_asked_for_then_sizes_and_digests(hub, flag):
    make_repository()
    listed = hub.get(f"{INFO}?blobs={flag}&securityStatus=true&expand=a&expand[]=b").json()
    by_path = {each["rfilename"]: each for each in listed["siblings"]}
    assert by_path["config.json"]["size"] == len(CONFIG)
    assert by_path["config.json"]["blobId"] == git_oid(CONFIG)
    assert by_path["onnx/model.safetensors"]["lfs"]["size"] == 1024
    assert len(by_path["onnx/model.safetensors"]["lfs"]["sha256"]) == 64


def test_info_when_there_are_too_many_files_then_without_their_list(hub, set_limits):
    set_limits(SIBLINGS_MAX=2)
    make_repository()
    assert "siblings" not in hub.get(INFO).json()
    set_limits(SIBLINGS_MAX=3)
    assert len(hub.get(INFO).json()["siblings"]) == 3


def test_info_when_counted_then_few_statements(hub, django_assert_num_queries):
    make_repository()
    # Token, repository, the revision with its card, files, downloads.
    with django_assert_num_queries(5):
        hub.get(INFO)


@pytest.mark.parametrize(
    ("revision", "commit"),
    [("main", COMMIT), ("HEAD", COMMIT), (COMMIT, COMMIT), ("r1", COMMIT), ("r2", OLD_COMMIT),
     (OLD_COMMIT, OLD_COMMIT)],
)  # fmt: skip
def test_revision_when_named_then_its_commit(hub, revision, commit):
    artifact = make_repository()
    add_revision(artifact, FILES, 2, commit=OLD_COMMIT)
    assert hub.get(f"{INFO}/revision/{revision}").json()["sha"] == commit


@pytest.mark.parametrize("revision", ["nope", "r3", "r01", "v1.0", "0" * 40, COMMIT.upper()])
def test_revision_when_there_is_none_then_404_that_clients_know(hub, revision):
    make_repository()
    answer = hub.get(f"{INFO}/revision/{revision}")
    assert refusal(answer) == (404, "RevisionNotFound")
    assert revision in answer["X-Error-Message"]


def test_ref_when_registered_as_an_artifact_of_its_own_then_a_name_of_the_same_repository(hub):
    make_repository()
    other = "0" * 39 + "7"
    make_repository(number=2, ref="feature/x", commit=other, files={"a": b"1", "b/c": b"2"})
    assert hub.get(f"{INFO}/revision/feature%2Fx").json()["sha"] == other
    assert hub.get(f"{INFO}/revision/{other}").json()["sha"] == other
    assert hub.get(f"{INFO}/revision/main").json()["sha"] == COMMIT
    head = hub.head("/acme/robot/resolve/feature%2Fx/b/c")
    assert (head["Content-Length"], head["X-Repo-Commit"]) == ("1", other)
    assert hub.head(f"/acme/robot/resolve/{other}/b/c").status_code == 200
    tree = hub.get(f"{INFO}/tree/feature/x/b").json()
    assert [each["path"] for each in tree] == ["b/c"]


def test_ref_when_only_it_is_registered_then_by_its_name_and_commit_alone(hub):
    make_repository(ref="v1")
    assert hub.get(f"{INFO}/revision/v1").json()["sha"] == COMMIT
    assert hub.get(f"{INFO}/revision/{COMMIT}").json()["sha"] == COMMIT
    assert refusal(hub.get(INFO)) == (404, "RepoNotFound")
    plain = hub.get(f"/api/models/registry/{Artifact.objects.get().id}")
    assert plain.json()["sha"] == COMMIT


@pytest.mark.parametrize("repo_id", ["ACME/Robot", "acme/ROBOT"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/models/{}"), ("GET", "/api/models/{}/tree/main?recursive=true"),
     ("HEAD", "/{}/resolve/main/config.json"), ("POST", "/api/models/{}/paths-info/main")],
)  # fmt: skip
def test_id_when_spelt_otherwise_then_307_on_this_site(hub, method, path, repo_id):
    make_repository("acme/robot")
    answer = hub.send(method, path.format(repo_id), {"paths": ["a"]} if method == "POST" else None)
    assert answer.status_code == 307
    assert answer["Location"] == path.format("acme/robot")


def test_redirect_when_there_is_a_stage_or_a_folder_then_below_it(hub, settings):
    make_repository("acme/robot")
    set_script_prefix("/stage/")
    staged = hub.get("/api/models/ACME/robot")
    clear_script_prefix()
    assert staged["Location"] == "/stage/api/models/acme/robot"
    settings.REGISTRY_BASE_URL = "https://registry.example/hub"
    assert hub.get("/api/models/ACME/robot")["Location"] == "/hub/api/models/acme/robot"
    set_script_prefix("/hub/")
    told = hub.get("/api/models/ACME/robot")
    clear_script_prefix()
    assert told["Location"] == "/hub/api/models/acme/robot"


@pytest.mark.parametrize(
    ("source", "repository", "repo_id"),
    [
        (SourceKind.GITHUB, "Acme/Robot", "github.Acme/Robot"),
        (SourceKind.KAGGLE, "acme/robot", "kaggle.acme/robot"),
        (SourceKind.UPLOAD, "6f1c", "registry.ursula/robot"),
        (SourceKind.DIRECT, "https://files.example/robot.zip", "registry.ursula/robot"),
    ],
)
def test_artifact_of_another_source_when_asked_for_by_its_id_then_found(
    hub, source, repository, repo_id
):
    artifact = make_repository(repository, source=source, name="robot", commit="")
    assert hub.get(f"/api/models/{repo_id}").json()["id"] == repo_id
    plain = hub.get(f"/api/models/registry/{artifact.id}").json()
    assert plain["id"] == f"registry/{artifact.id}"
    assert hub.get(f"/api/datasets/{repo_id}").status_code == 404


def test_artifact_when_two_share_a_name_then_both_are_named(hub):
    ids = [
        make_repository(f"6f{number}", source=SourceKind.UPLOAD, name="robot", number=number).id
        for number in (1, 2)
    ]
    answer = hub.get("/api/models/registry.ursula/robot")
    assert refusal(answer) == (404, "RepoNotFound")
    assert all(f"registry/{each}" in answer["X-Error-Message"] for each in ids)
    assert hub.get(f"/api/models/registry/{ids[0]}").status_code == 200


def test_artifact_when_it_is_a_folder_of_a_repository_then_not_under_its_id(hub):
    artifact = make_repository(folder="onnx")
    assert refusal(hub.get(INFO)) == (404, "RepoNotFound")
    found = hub.get(f"/api/models/registry/{artifact.id}").json()
    assert found["sha"] != COMMIT


def test_artifact_when_its_source_has_not_answered_or_it_is_code_then_absent(hub):
    make_artifact(visible=False)
    assert refusal(hub.get("/api/models/acme/robot-1")) == (404, "RepoNotFound")
    code = make_repository("acme/tool", kind="code", source=SourceKind.GITHUB, number=3)
    for kind in ("models", "datasets"):
        assert hub.get(f"/api/{kind}/github.acme/tool").status_code == 404
        assert hub.get(f"/api/{kind}/registry/{code.id}").status_code == 404


def test_artifact_when_withdrawn_then_the_answer_that_stops_clients_with_a_copy(hub, administrator):
    artifact = make_repository("Acme/Robot")
    delete_artifact(
        artifact_type=ArtifactType.MODEL,
        artifact_id=artifact.id,
        user=administrator,
        reason="It leaks keys.",
    )
    for path in (
        "/api/models/Acme/Robot/revision/main", "/acme/robot/resolve/main/config.json",
        "/api/models/acme/robot/tree/main", f"/api/models/registry/{artifact.id}/revision/r1",
    ):  # fmt: skip
        answer = hub.get(path)
        assert refusal(answer) == (404, "RevisionNotFound")
        assert "It leaks keys." in answer["X-Error-Message"]
    # `repo_exists` asks the first of these, and takes this for no.
    assert refusal(hub.get("/api/models/acme/robot")) == (404, "RepoNotFound")
    assert refusal(hub.get("/api/datasets/acme/robot")) == (404, "RepoNotFound")
    assert HubClient(user_with()).get("/api/models/acme/robot").status_code == 403


def test_artifact_when_registered_again_after_a_withdrawal_then_served(hub, administrator):
    artifact = make_repository()
    delete_artifact(artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, user=administrator)
    assert Withdrawal.objects.get().repo_id == "acme/robot"
    again = make_repository(number=2)
    assert hub.get(INFO).json()["_id"] == again.id
    delete_artifact(
        artifact_type=ArtifactType.MODEL, artifact_id=again.id, user=administrator, reason="Twice."
    )
    assert Withdrawal.objects.get().artifact_id == again.id


def test_ref_when_withdrawn_then_the_repository_is_not(hub, administrator):
    make_repository()
    other = make_repository(number=2, ref="v1")
    delete_artifact(artifact_type=ArtifactType.MODEL, artifact_id=other.id, user=administrator)
    assert Withdrawal.objects.get().repo_id == f"registry/{other.id}"
    assert refusal(hub.get(f"{INFO}/revision/v1")) == (404, "RevisionNotFound")


@pytest.mark.parametrize("owner", ["registry", "registry.ursula", "GitHub.acme", "kaggle.x"])
def test_source_when_its_owner_would_pose_as_one_of_ours_then_refused(owner):
    source = HuggingFaceSource()
    with pytest.raises(InvalidUrl, match="can be no owner"):
        source.parse(f"https://huggingface.co/{owner}/robot")
    assert source.parse("https://huggingface.co/github/robot").repository == "github/robot"


def test_refs_when_listed_then_main_and_a_tag_for_each_revision(hub):
    artifact = make_repository()
    add_revision(artifact, FILES, 2, commit=OLD_COMMIT)
    found = hub.get(f"{INFO}/refs").json()
    assert found == {
        "branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": COMMIT}],
        "tags": [
            {"name": "r2", "ref": "refs/tags/r2", "targetCommit": OLD_COMMIT},
            {"name": "r1", "ref": "refs/tags/r1", "targetCommit": COMMIT},
        ],
        "converts": [],
    }
    for each in found["tags"]:
        assert hub.get(f"{INFO}/revision/{each['name']}").json()["sha"] == each["targetCommit"]


def test_commits_when_listed_then_revisions_page_by_page_the_newest_first(hub):
    artifact = make_repository()
    newest = add_revision(artifact, FILES, 2, commit=OLD_COMMIT)
    Artifact.objects.update(current_revision=newest)
    first = hub.get(f"{INFO}/commits/main?limit=1")
    assert [each["title"] for each in first.json()] == ["Revision 2"]
    assert set(first.json()[0]) == {"id", "title", "message", "date", "authors"}
    assert first.json()[0]["authors"] == [{"user": "ursula"}]
    assert first["X-Total-Count"] == "2"
    link = first["Link"]
    assert link.startswith(f"<http://testserver{INFO}/commits/main?limit=1&cursor=")
    assert link.endswith('>; rel="next"')
    second = hub.get(link[1:].partition(">")[0])
    assert [each["id"] for each in second.json()] == [COMMIT]
    assert "Link" not in second


@pytest.mark.parametrize("revision", ["main/other", "main%2Fother", "r1/x", f"{COMMIT}/x"])
def test_revision_when_only_its_beginning_is_known_then_404_and_not_another_revision(hub, revision):
    make_repository()
    for path in (f"revision/{revision}", f"commits/{revision}"):
        assert refusal(hub.get(f"/api/models/acme/robot/{path}")) == (404, "RevisionNotFound")
    answer = hub.post(f"/api/models/acme/robot/paths-info/{revision}", {"paths": ["README.md"]})
    assert refusal(answer) == (404, "RevisionNotFound")
    assert hub.get(f"/api/models/acme/robot/revision/{COMMIT}/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/acme/robot/resolve/main/a%0D%0Ab",
        "/acme/robot/raw/main%0A/a",
        "/ac%2Fme/robot/resolve/main/a",
        "/datasets/a%2Fb/robot/resolve/main/a",
        "/a%2Fb/robot.git/info/lfs/objects/batch",
    ],
)
def test_path_when_no_route_takes_it_then_refused_in_words_that_clients_know(hub, path):
    assert refusal(hub.get(path)) == (404, "not_found")
