"""Commits by the Hub's protocol, and each status that they get."""

import pytest

from artifacts.exceptions import StorageFull, StorageUnavailable
from artifacts.limits import COMMIT_BODY_MAX_BYTES
from artifacts.storage.local import LocalWriter
from tests.functional.hub.pushing import (
    CARD,
    WEIGHTS,
    deleted,
    large,
    regular,
    said,
    sha256_of,
)

pytestmark = pytest.mark.django_db


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
    assert (answer.status_code, answer.content) == (200, CARD)


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


def test_commit_when_the_file_was_not_sent_then_409(pushed):
    answer = pushed.commit(large("model.bin", WEIGHTS))
    assert answer.status_code == 409
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


@pytest.mark.parametrize("path", [each for each in HOSTILE if each.values[0] != "readme.MD"])
def test_preupload_when_a_path_is_hostile_then_400_before_anything_is_sent(pushed, path):
    assert pushed.preupload({path: 5}).status_code == 400


def test_commit_when_the_disk_is_full_then_507_and_the_old_revision_stays(pushed, monkeypatch):
    def fail(*_given):
        raise StorageFull("There is no room left.")

    monkeypatch.setattr(LocalWriter, "write", fail)
    assert pushed.commit(regular("a", b"a")).status_code == 507
    monkeypatch.undo()
    assert pushed.tree() == {"README.md": sha256_of(CARD)}


def test_commit_when_the_bucket_is_lost_then_503_and_the_old_revision_stays(pushed, monkeypatch):
    def fail(*_given):
        raise StorageUnavailable("The bucket does not answer.")

    monkeypatch.setattr(LocalWriter, "write", fail)
    assert pushed.commit(regular("a", b"a")).status_code == 503
    monkeypatch.undo()
    assert pushed.tree() == {"README.md": sha256_of(CARD)}


@pytest.mark.parametrize("size", [0, len(CARD) + 1, 10**9])
def test_commit_when_it_lies_about_the_size_of_what_is_here_then_refused(pushed, size):
    lie = large("lie.bin", CARD)
    lie["value"]["size"] = size
    for lines in ([lie], [lie, large("truth.bin", CARD)], [regular("truth.bin", CARD), lie]):
        answer = pushed.commit(*lines)
        assert (answer.status_code, answer["X-Error-Code"]) == (409, "lfs_object_missing")
    assert pushed.tree() == {"README.md": sha256_of(CARD)}


@pytest.mark.parametrize("body", [b"", b"\n", b"\r\n \n"])
def test_commit_when_its_body_is_empty_then_400(pushed, body):
    answer = pushed.send("POST", f"/api/models/{pushed.repo}/commit/main", body)
    assert answer.status_code == 400
    assert "header is missing" in said(answer)


@pytest.mark.parametrize(
    ("wish", "status"), [("1", 400), ("true", 400), ("yes", 400), ("2", 400), ("0", 200), ("", 200)]
)
def test_commit_when_a_pull_request_is_wished_for_then_nothing_goes_to_main(pushed, wish, status):
    path = f"/api/models/{pushed.repo}/commit/main?create_pr={wish}"
    assert pushed.commit(regular("a", b"a"), path=path).status_code == status
