"""The files of a revision, as a tree with pages and by their paths."""

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from tests.clients import refusal
from tests.factories.repositories import CONFIG, OLD_COMMIT, add_revision, git_oid, make_repository

pytestmark = pytest.mark.django_db
TREE = "/api/models/acme/robot/tree/main"
PATHS = "/api/models/acme/robot/paths-info/main"
MANY = {
    path: path.encode()
    for path in ("a.txt", "b/c.txt", "b/d/e.txt", "b/d/f.txt", "b.txt", "bb/g.txt", "z/%_/h.txt")
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def walk(hub, path: str) -> list[list[str]]:
    """The paths of each page."""
    pages = []
    while path:
        answer = hub.get(path)
        assert answer.status_code == 200
        pages.append([each["path"] for each in answer.json()])
        path = answer.get("Link", "")[1:].partition(">")[0]
    return pages


def test_tree_when_listed_then_what_lies_there_itself(hub):
    make_repository()
    found = hub.get(TREE).json()
    assert found[0]["path"] == "README.md"
    assert found[1] == {
        "type": "file", "oid": git_oid(CONFIG), "size": len(CONFIG), "path": "config.json",
    }  # fmt: skip
    assert found[2] == {"type": "directory", "oid": "0" * 40, "size": 0, "path": "onnx"}


def test_tree_when_a_file_is_kept_by_lfs_then_with_its_pointer(hub):
    make_repository()
    (entry,) = hub.get(f"{TREE}/onnx").json()
    assert entry["lfs"]["size"] == entry["size"] == 1024
    assert len(entry["lfs"]["oid"]) == 64
    assert entry["lfs"]["pointerSize"] == 129
    assert len(entry["oid"]) == 40


@pytest.mark.parametrize(
    ("folder", "paths"),
    [
        ("", ["a.txt", "b", "b.txt", "bb", "z"]),
        ("/b", ["b/c.txt", "b/d"]),
        ("/b/d", ["b/d/e.txt", "b/d/f.txt"]),
        ("/b/d/", ["b/d/e.txt", "b/d/f.txt"]),
        ("/z/%25_", ["z/%_/h.txt"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 1_000])
def test_folder_when_listed_page_by_page_then_each_entry_once(hub, folder, paths, limit):
    make_repository(files=MANY)
    pages = walk(hub, f"{TREE}{folder}?recursive=false&limit={limit}")
    assert sorted(path for page in pages for path in page) == sorted(paths)
    assert all(len(page) <= limit for page in pages)


@pytest.mark.parametrize(
    ("folder", "paths"),
    [
        ("", [*MANY, "b", "b/d", "bb", "z", "z/%_"]),
        ("/b", ["b/c.txt", "b/d", "b/d/e.txt", "b/d/f.txt"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 3, 1_000])
@pytest.mark.parametrize("flag", ["true", "True"])
def test_tree_when_walked_page_by_page_then_each_file_and_folder_once(
    hub, folder, paths, limit, flag
):
    make_repository(files=MANY)
    pages = walk(hub, f"{TREE}{folder}?recursive={flag}&expand=False&limit={limit}")
    assert sorted(path for page in pages for path in page) == sorted(paths)


def test_page_when_it_is_not_the_last_then_the_next_has_a_whole_address(hub, settings):
    make_repository(files=MANY)
    path = f"{TREE}?recursive=true&limit=1"
    set_script_prefix("/stage/")
    staged = hub.get(path)
    clear_script_prefix()
    assert staged["Link"].startswith("<http://testserver/stage/api/models/acme/robot/tree/main?")
    settings.REGISTRY_BASE_URL = "https://registry.example/hub"
    link = hub.get(path)["Link"]
    assert link.startswith("<https://registry.example/hub/api/models/acme/robot/tree/main?")
    assert "recursive=true&limit=1&cursor=" in link


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "9" * 30, "100000"])
def test_limit_when_it_makes_no_sense_then_a_page_as_usual(hub, limit):
    make_repository(files=MANY)
    assert len(hub.get(f"{TREE}?recursive=true&limit={limit}").json()) == 12


@pytest.mark.parametrize("cursor", ["x", "after.x", "after.", "after.9999999999999999999"])
def test_cursor_when_not_given_out_here_then_400(hub, cursor):
    make_repository()
    assert refusal(hub.get(f"{TREE}?cursor={cursor}")) == (400, "invalid_offset")


def test_cursor_when_its_file_is_gone_then_the_list_ends(hub):
    make_repository()
    assert hub.get(f"{TREE}?cursor=after.999999").json() == []
    assert hub.get(f"{TREE}?cursor=after.999999&recursive=true").json() == []


@pytest.mark.parametrize("folder", ["nope", "b/nope", "a.txt", "b/d/e.txt", "..", "b/..", "B"])
def test_folder_when_there_is_none_then_404_with_the_commit(hub, folder):
    make_repository(files=MANY)
    answer = hub.get(f"{TREE}/{folder}")
    assert refusal(answer) == (404, "EntryNotFound")
    assert len(answer["X-Repo-Commit"]) == 40


def test_tree_when_expanded_then_with_the_revision_as_last_commit(hub):
    artifact = make_repository()
    add_revision(artifact, {"a": b"1"}, 2, commit=OLD_COMMIT)
    (entry,) = hub.get(f"/api/models/acme/robot/tree/{OLD_COMMIT}?expand=true").json()
    assert entry["lastCommit"]["id"] == OLD_COMMIT
    assert entry["lastCommit"]["title"] == "Revision 2"
    assert entry["lastCommit"]["date"].endswith("Z")


def test_revision_when_it_has_no_files_then_an_empty_tree(hub):
    make_repository(files={})
    assert hub.get(TREE).json() == []


def test_tree_when_counted_then_few_statements(hub, django_assert_num_queries):
    make_repository(files=MANY)
    with django_assert_num_queries(3):
        hub.get(f"{TREE}?recursive=true")
    with django_assert_num_queries(4):
        hub.get(TREE)


def test_paths_when_given_as_a_form_then_those_that_are_there(hub):
    make_repository()
    answer = hub.form(PATHS, "paths=config.json&paths=nope&paths=onnx&expand=False")
    assert [(each["path"], each["type"]) for each in answer.json()] == [
        ("config.json", "file"), ("onnx", "directory"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "a/b"])
def test_paths_when_given_as_json_under_any_type_then_the_same(hub, kind):
    make_repository()
    body = {"paths": ["config.json"], "expand": True}
    (entry,) = hub.post(PATHS, body, **{"Content-Type": kind} if kind else {}).json()
    assert entry["path"] == "config.json"
    assert entry["lastCommit"]["title"] == "Revision 1"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{not json", {}), (b"[]", {}), (b"{}", {}), (b'{"paths": 5}', {}), (b"", {}),
        (b"other=1", FORM), (b"\xff=1", FORM),
        (b"&".join(b"paths=%d" % number for number in range(1_001)), FORM),
    ],
)  # fmt: skip
def test_paths_when_the_body_makes_no_sense_then_400(hub, body, headers):
    make_repository()
    answer = hub.send("POST", PATHS, body, **headers)
    assert answer.status_code in (400, 413)


def test_paths_when_they_can_be_none_then_left_out(hub):
    make_repository()
    answer = hub.form(PATHS, "paths=%00&paths=config.json%00&paths=%ff&paths=../config.json")
    assert answer.json() == []


def test_paths_when_many_are_unknown_then_no_statement_for_each(hub, django_assert_num_queries):
    make_repository()
    with django_assert_num_queries(3):
        answer = hub.post(PATHS, {"paths": [f"no{number}" for number in range(900)]})
    assert answer.json() == []
