"""What the Hub's clients write, and each status that they get."""

import pytest

from artifacts.limits import COMMIT_BODY_MAX_BYTES
from artifacts.models import Artifact, LfsObject, User
from tests.clients import ApiClient, message_of, user_with
from tests.functional.hub.pushing import Pusher, deleted, large, regular, sha256_of

pytestmark = pytest.mark.django_db
CARD = b"---\nlicense: mit\n---\n# robot\n"
WEIGHTS = b"w" * 2_000


@pytest.fixture
def pusher(uploader):
    return Pusher(uploader)


@pytest.fixture
def pushed(pusher):
    """One with a repository that has a commit."""
    assert pusher.create().status_code == 200
    assert pusher.commit(regular("README.md", CARD)).status_code == 200
    return pusher


def said(answer) -> str:
    """The sentence of a refusal, which clients show from the header."""
    body = answer.json()
    assert isinstance(body["error"], str)
    assert answer["X-Error-Message"]
    return body["error"]


def test_create_when_new_then_the_name_is_reserved_and_nobody_sees_it(pusher):
    answer = pusher.create()
    assert answer.status_code == 200
    assert answer.json()["url"] == f"http://testserver/{pusher.repo}"
    info = pusher.client.get(f"/api/models/{pusher.repo}", headers=pusher.headers)
    assert (info.status_code, info["X-Error-Code"]) == (404, "RepoNotFound")


def test_create_when_there_already_then_409_with_its_address(pusher):
    pusher.create()
    answer = pusher.create("ROBOT")
    assert answer.status_code == 409
    assert answer.json()["url"] == f"http://testserver/{pusher.owner}/ROBOT"
    assert "exists already" in said(answer)


def test_create_when_a_zip_has_the_name_then_409(pusher, uploader):
    pusher.create()
    pusher.commit(regular("README.md", CARD))
    Artifact.objects.update(source_key="upload:sha256/1")
    Artifact.objects.get().current_revision.__class__.objects.update(source_kind="upload")
    assert pusher.create().status_code == 409


def test_create_when_without_an_owner_then_below_the_callers(pusher):
    answer = pusher.send("POST", "/api/repos/create", {"name": "robot", "organization": None})
    assert answer.json()["name"] == pusher.repo


@pytest.mark.parametrize(
    ("more", "status"),
    [
        pytest.param({"organization": "registry.other"}, 403, id="of another user"),
        pytest.param({"organization": "openai"}, 403, id="of an organisation of the Hub"),
        pytest.param({"organization": "registry"}, 403, id="of the registry itself"),
        pytest.param({"name": "a--b"}, 400, id="a name that no client takes"),
        pytest.param({"name": "../a"}, 400, id="a path as a name"),
        pytest.param({"name": "a\x00"}, 400, id="a NUL"),
        pytest.param({"name": ""}, 400, id="no name"),
        pytest.param({"name": 7}, 400, id="a number as a name"),
        pytest.param({"type": "space"}, 400, id="a space"),
        pytest.param({"type": ["model"]}, 400, id="a list as a type"),
        pytest.param({"private": True}, 400, id="private"),
        pytest.param({"visibility": "private"}, 400, id="private in the words of 2.x"),
    ],
)
def test_create_when_it_cannot_be_then_refused_with_a_sentence(pusher, more, status):
    answer = pusher.create(**more)
    assert answer.status_code == status
    assert said(answer).endswith(".")
    assert not Artifact.objects.exists()


def test_create_when_too_many_have_no_commit_then_refused(pusher, set_limits):
    set_limits(EMPTY_REPOSITORIES_MAX=1)
    assert pusher.create("one").status_code == 200
    assert pusher.create("two").status_code == 400


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_repositories_when_of_one_name_and_two_types_then_both_are(pusher, kind):
    assert pusher.create(type="model").status_code == 200
    answer = pusher.create(type="dataset")
    assert answer.json()["url"] == f"http://testserver/datasets/{pusher.repo}"
    prefix = "/api/datasets" if kind == "dataset" else "/api/models"
    answer = pusher.commit(regular("a.csv", b"a"), path=f"{prefix}/{pusher.repo}/commit/main")
    assert answer.status_code == 200
    assert Artifact.objects.visible().get().type == kind


@pytest.mark.parametrize("has_commit", [False, True])
def test_delete_when_mine_then_gone(pusher, has_commit):
    pusher.create()
    if has_commit:
        pusher.commit(regular("README.md", CARD))
    assert pusher.delete().status_code == 200
    assert not Artifact.objects.exists()
    assert pusher.delete().status_code == 404


def test_delete_when_of_another_then_refused(pushed):
    other = Pusher(user_with("upload", "search"))
    answer = other.delete(organization=pushed.owner)
    assert answer.status_code == 403
    assert other.owner in said(answer)
    assert Artifact.objects.exists()


def test_administrator_when_the_repository_is_anothers_then_refused(pushed, administrator):
    assert Pusher(administrator).commit(regular("a", b"a"), repo=pushed.repo).status_code == 403


def test_commit_when_made_then_the_clients_get_its_id_and_the_tree_has_all(pusher):
    pusher.create()
    pusher.send_large(WEIGHTS)
    answer = pusher.commit(regular("README.md", CARD), large("sub/model.bin", WEIGHTS))
    assert answer.status_code == 200
    oid = answer.json()["commitOid"]
    assert answer.json()["commitUrl"] == f"http://testserver/{pusher.repo}/commit/{oid}"
    expected = {"README.md": sha256_of(CARD), "sub/model.bin": sha256_of(WEIGHTS)}
    assert pusher.tree() == pusher.tree(revision=oid) == expected
    answer = pusher.client.get(f"/{pusher.repo}/resolve/main/README.md", headers=pusher.headers)
    assert answer.status_code == 302


def test_commit_when_the_next_then_files_stay_go_and_come(pushed):
    pushed.commit(regular("old/a", b"a"), regular("b", b"b"))
    answer = pushed.commit(deleted("old/"), regular("b", b"c"), regular("new", b"n"))
    assert answer.status_code == 200
    expected = {"README.md": CARD, "b": b"c", "new": b"n"}
    assert pushed.tree() == {path: sha256_of(content) for path, content in expected.items()}


def test_commit_when_its_parent_is_not_the_current_then_412(pushed):
    answer = pushed.commit(regular("a", b"a"), parent="0" * 40)
    assert answer.status_code == 412
    assert "somebody else committed first" in said(answer)


def test_commit_when_it_deletes_what_is_not_there_then_404_in_the_hubs_words(pushed):
    answer = pushed.commit(deleted("none"))
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "EntryNotFound")
    # By these words huggingface_hub adds a hint.
    assert "A file with this name doesn't exist" in said(answer)


HOSTILE = [
    pytest.param("../a", id="leads out"),
    pytest.param("/etc/passwd", id="absolute"),
    pytest.param("a\x00b", id="NUL"),
    pytest.param("a\u202eb", id="turns the writing"),
    pytest.param("a\\b", id="backslash"),
    pytest.param("C:a", id="drive"),
    pytest.param("a//b", id="empty segment"),
    pytest.param("a/./b", id="dot"),
    pytest.param(".git/hooks/pre-commit", id="hooks of git"),
    pytest.param("sub/.GIT/config", id="configuration of git"),
    pytest.param("x" * 2_000, id="too long"),
    pytest.param("", id="empty"),
    pytest.param(None, id="none"),
    pytest.param("readme.MD", id="differs in case only"),
]


@pytest.mark.parametrize("path", HOSTILE)
def test_commit_when_a_path_is_hostile_then_400_and_nothing_changes(pushed, path):
    answer = pushed.commit(regular("good", b"g"), regular(path, b"x"))
    assert answer.status_code == 400
    assert said(answer)
    assert pushed.tree() == {"README.md": sha256_of(CARD)}


def test_commit_when_two_names_differ_in_their_normal_form_then_400(pushed):
    answer = pushed.commit(regular("caf\u00e9", b"1"), regular("cafe\u0301", b"2"))
    assert answer.status_code == 400


@pytest.mark.parametrize("path", [each for each in HOSTILE if each.values[0] != "readme.MD"])
def test_preupload_when_a_path_is_hostile_then_400_before_anything_is_sent(pushed, path):
    assert pushed.preupload({path: 5}).status_code == 400


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"no json", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"key": "file"}', id="no value"),
        pytest.param(b'{"key": "file", "value": {"path": "a"}}', id="no content"),
        pytest.param(
            b'{"key": "file", "value": {"path": "a", "content": "?", "encoding": "base64"}}',
            id="no base64",
        ),
        pytest.param(b'{"key": "copyFile", "value": {"path": "a"}}', id="an unknown line"),
        pytest.param(b'{"key": "lfsFile", "value": {"path": "a", "oid": "1"}}', id="no digest"),
        pytest.param(
            b'{"key": "lfsFile", "value": {"path": "a", "algo": "sha256", "size": -1, "oid": "'
            + b"a" * 64 + b'"}}',
            id="a negative size",
        ),
    ],
)  # fmt: skip
def test_commit_when_a_line_is_malformed_then_400(pushed, line):
    path = f"/api/models/{pushed.repo}/commit/main"
    body = b'{"key": "header", "value": {"summary": "s"}}\n' + line
    assert pushed.send("POST", path, body).status_code == 400


def test_commit_when_it_has_no_header_then_400(pushed):
    path = f"/api/models/{pushed.repo}/commit/main"
    line = b'{"key": "deletedFile", "value": {"path": "README.md"}}'
    assert pushed.send("POST", path, line).status_code == 400


def test_commit_when_it_has_too_many_lines_then_413_before_they_are_read(pushed):
    path = f"/api/models/{pushed.repo}/commit/main"
    assert pushed.send("POST", path, b"x\n" * 100_000).status_code == 413


def test_commit_when_base64_of_100_mb_comes_then_413(pushed):
    answer = pushed.send("POST", f"/api/models/{pushed.repo}/commit/main", b"a" * 100_000_000)
    assert answer.status_code == 413


def test_commit_when_as_long_as_it_may_be_then_read(pushed):
    content = b"x" * (COMMIT_BODY_MAX_BYTES * 3 // 4 - 1_000)
    assert pushed.commit(regular("large.txt", content)).status_code == 200


def test_commit_when_there_would_be_too_many_files_then_413(pushed, set_limits):
    set_limits(COMMIT_FILES_MAX=2)
    assert pushed.commit(regular("a", b"a"), regular("b", b"b")).status_code == 413


def test_commit_when_the_file_was_not_sent_then_400(pushed):
    answer = pushed.commit(large("model.bin", WEIGHTS))
    assert answer.status_code == 400
    assert "was not uploaded" in said(answer)


def test_commit_when_a_large_file_is_still_compared_then_503_and_when_to_come_again(
    pushed, set_limits, pauses
):
    set_limits(
        UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=10, LFS_COMMIT_WAIT_S=0.05, LFS_VERIFY_WAIT_S=0.05
    )
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    pushed.put(found["actions"]["upload"]["href"], WEIGHTS)
    answers = [
        pushed.post(found["actions"]["verify"]["href"]), pushed.commit(large("a.bin", WEIGHTS)),
    ]  # fmt: skip
    assert [each.status_code for each in answers] == [503, 503]
    assert all(int(each["Retry-After"]) > 0 for each in answers)
    assert all("nothing is sent again" in said(each) for each in answers)


@pytest.mark.parametrize("revision", ["dev", "refs/pr/1", "r1"])
def test_write_when_to_another_branch_then_400(pushed, revision):
    path = f"/api/models/{pushed.repo}/commit/{revision}"
    assert pushed.commit(regular("a", b"a"), path=path).status_code == 400
    assert pushed.preupload({"a": 1}, revision).status_code == 400


def test_commit_when_as_a_pull_request_then_400(pushed):
    path = f"/api/models/{pushed.repo}/commit/main?create_pr=1"
    answer = pushed.commit(regular("a", b"a"), path=path)
    assert answer.status_code == 400
    assert "no pull requests" in said(answer)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("word", ["tag", "branch"])
def test_names_when_made_or_removed_then_400_with_what_to_do(pushed, method, word):
    answer = pushed.send(method, f"/api/models/{pushed.repo}/{word}/v1.0")
    assert answer.status_code == 400
    assert "r1, r2" in said(answer)


def test_xet_when_asked_for_then_led_to_an_address_that_says_what_to_do(pushed):
    answer = pushed.client.get(f"/api/models/{pushed.repo}/xet-write-token/main")
    assert answer.status_code == 302
    answer = pushed.client.get(answer["Location"])
    assert answer.status_code == 404
    assert "HF_HUB_DISABLE_XET=1" in said(answer)


def test_validate_yaml_when_asked_without_a_token_then_nothing_is_wrong(client):
    answer = client.post("/api/validate-yaml", {"content": "---"}, "application/json")
    assert answer.json() == {"errors": [], "warnings": []}


def test_preupload_when_files_differ_then_texts_go_into_the_commit(pushed):
    answer = pushed.preupload({"a.md": 100, "b.bin": 100, "c.json": 10**6, "empty.bin": 0})
    modes = {each["path"]: each["uploadMode"] for each in answer.json()["files"]}
    assert modes == {"a.md": "regular", "b.bin": "lfs", "c.json": "lfs", "empty.bin": "regular"}
    assert all(each["shouldIgnore"] is False for each in answer.json()["files"])


def test_preupload_when_a_large_file_is_there_then_its_digest_is_told(pushed):
    pushed.send_large(WEIGHTS)
    pushed.commit(large("model.bin", WEIGHTS))
    (found,) = pushed.preupload({"model.bin": 2_000}).json()["files"]
    assert found["oid"] == sha256_of(WEIGHTS)


@pytest.mark.parametrize("files", [{}, {f"{number}": 1 for number in range(1_001)}])
def test_preupload_when_of_none_or_too_many_then_400(pushed, files):
    assert pushed.preupload(files).status_code == 400


def test_batch_when_the_file_is_large_then_in_parts_that_are_joined(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=900)
    answer = pushed.batch(WEIGHTS, transfers=["basic", "multipart"])
    assert answer["Content-Type"] == "application/vnd.git-lfs+json"
    (found,) = answer.json()["objects"]
    header = found["actions"]["upload"]["header"]
    assert header["chunk_size"] == "900"
    parts = [WEIGHTS[:900], WEIGHTS[900:1_800], WEIGHTS[1_800:]]
    etags = [pushed.put(header[str(n)], part)["ETag"] for n, part in enumerate(parts, 1)]
    assert all(etags)
    body = {"oid": found["oid"], "parts": []}
    assert pushed.post(found["actions"]["upload"]["href"], body).status_code == 200
    assert pushed.commit(large("model.bin", WEIGHTS)).status_code == 200
    assert pushed.tree()["model.bin"] == sha256_of(WEIGHTS)


def test_complete_when_a_part_is_missing_then_400_and_when_sent_then_joined(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=1_000)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    upload = found["actions"]["upload"]
    pushed.put(upload["header"]["2"], WEIGHTS[1_000:])
    assert pushed.post(upload["href"]).status_code == 400
    pushed.put(upload["header"]["1"], WEIGHTS[:1_000])
    assert pushed.post(upload["href"]).status_code == 200
    assert pushed.post(upload["href"]).status_code == 200


def test_complete_when_parts_have_other_bytes_then_refused(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=1_000)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    upload = found["actions"]["upload"]
    for number in ("1", "2"):
        pushed.put(upload["header"][number], b"x" * 1_000)
    assert pushed.post(upload["href"]).status_code == 400
    assert pushed.commit(large("model.bin", WEIGHTS)).status_code == 400


def test_batch_when_many_files_are_large_then_parts_grow_and_addresses_are_bounded(
    pushed, set_limits
):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=100, UPLOAD_PART_BYTES=10, LFS_PARTS_SIGNED_MAX=8)
    answer = pushed.batch(b"a" * 1_000, b"b" * 1_000)
    counts = [len(each["actions"]["upload"]["header"]) - 1 for each in answer.json()["objects"]]
    assert counts == [4, 4]


def test_batch_when_sent_before_then_it_need_not_be_sent_again(pushed):
    pushed.send_large(WEIGHTS)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert found == {"oid": sha256_of(WEIGHTS), "size": len(WEIGHTS)}


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"operation": "download"}, id="a download"),
        pytest.param({"objects": [{"oid": "x", "size": 1}]}, id="no digest"),
        pytest.param({"objects": [{"oid": "a" * 64}]}, id="no size"),
        pytest.param({"objects": ["x"]}, id="no object"),
    ],
)
def test_batch_when_malformed_then_400(pushed, more):
    assert pushed.batch(WEIGHTS, **more).status_code == 400


def test_batch_when_a_file_is_larger_than_uploads_then_413(pushed, set_limits):
    set_limits(UPLOAD_MAX_BYTES=100)
    assert pushed.batch(WEIGHTS).status_code == 413


def test_put_when_other_bytes_come_then_refused(pushed):
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert pushed.put(found["actions"]["upload"]["href"], b"x" * 2_000).status_code == 400


@pytest.mark.parametrize("purpose", ["verify", "complete"])
def test_links_when_not_signed_here_then_404(pushed, purpose):
    assert pushed.post(f"/api/lfs/{purpose}/made-up").status_code == 404
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    link = found["actions"]["verify"]["href"]
    assert pushed.post(link.replace("/verify/", "/complete/")).status_code == 404


def test_verify_when_nothing_was_sent_then_400_and_when_forgotten_then_404(pushed):
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert pushed.post(found["actions"]["verify"]["href"]).status_code == 400
    LfsObject.objects.all().delete()
    assert pushed.post(found["actions"]["verify"]["href"]).status_code == 404


WRITES = [
    pytest.param(lambda p: p.create("other"), id="create"),
    pytest.param(lambda p: p.delete(), id="delete"),
    pytest.param(lambda p: p.preupload({"a": 1}), id="preupload"),
    pytest.param(lambda p: p.batch(WEIGHTS), id="batch"),
    pytest.param(lambda p: p.commit(regular("a", b"a")), id="commit"),
]


@pytest.mark.parametrize("write", WRITES)
def test_write_when_the_token_is_missing_or_bad_then_401(pushed, write):
    pushed.headers = {}
    assert write(pushed).status_code == 401
    pushed.headers = {"Authorization": "Bearer hf_unknown-token-of-somebody"}
    assert write(pushed).status_code == 401


@pytest.mark.parametrize("write", WRITES)
def test_write_when_the_user_may_not_upload_then_403(pushed, uploader, write):
    User.objects.filter(pk=uploader.pk).update(can_upload=False)
    answer = write(pushed)
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "GatedRepo")


@pytest.mark.parametrize("write", WRITES[2:])
def test_write_when_the_repository_is_another_users_then_403(pushed, write):
    other = Pusher(user_with("upload", "search"))
    other.repo = pushed.repo
    answer = write(other)
    assert answer.status_code == 403
    assert "is not yours to write" in said(answer)


@pytest.mark.parametrize("write", WRITES[2:])
def test_write_when_there_is_no_repository_then_404(pusher, write):
    answer = write(pusher)
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")


def test_url_when_registered_by_the_api_then_refused(pushed, administrator):
    url = Artifact.objects.get().current_revision.url
    answer = ApiClient(administrator).post("/artifact/model", {"url": url})
    assert answer.status_code == 400
    assert "hf upload" in message_of(answer)
