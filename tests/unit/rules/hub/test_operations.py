import json

import pytest

from artifacts.exceptions import ContentTooLarge, InvalidRequest
from artifacts.limits import COMMIT_OPERATIONS_MAX
from artifacts.rules.digest import Sha256
from artifacts.rules.hub.operations import AddLarge, AddRegular, Delete, read_commit

HEADER = {"key": "header", "value": {"summary": " a change ", "parentCommit": "c0ffee"}}


def written(*lines):
    return b"\n".join(json.dumps(each).encode() for each in lines)


def line(key, **value):
    return {"key": key, "value": value}


def test_read_commit_when_of_every_kind_then_all_in_order():
    commit = read_commit(written(
        HEADER,
        line("file", path="a", content="eA==", encoding="base64"),
        line("file", path="b", content="x\u00e9"),
        line("lfsFile", path="c", algo="sha256", oid="a" * 64, size=7),
        line("deletedFile", path="d"),
        line("deletedFolder", path="e/"),
    ) + b"\n")  # fmt: skip
    assert (commit.summary, commit.parent) == ("a change", "c0ffee")
    assert commit.operations == (
        AddRegular("a", b"x"),
        AddRegular("b", "x\u00e9".encode()),
        AddLarge("c", Sha256("a" * 64), 7),
        Delete("d", is_folder=False),
        Delete("e", is_folder=True),
    )


@pytest.mark.parametrize(
    ("header", "summary", "parent"),
    [
        pytest.param({}, "", "", id="nothing"),
        pytest.param({"summary": None, "parentCommit": None}, "", "", id="null"),
        pytest.param({"summary": "x" * 300}, "x" * 200, "", id="long"),
    ],
)
def test_read_commit_when_its_header_is_odd_then_cut_or_left_out(header, summary, parent):
    commit = read_commit(written(line("header", **header)))
    assert (commit.summary, commit.parent, commit.operations) == (summary, parent, ())


def test_read_commit_when_at_the_limit_then_read_and_beyond_refused():
    lines = [HEADER, *[line("deletedFile", path="a")] * COMMIT_OPERATIONS_MAX]
    assert len(read_commit(written(*lines) + b"\n").operations) == COMMIT_OPERATIONS_MAX
    with pytest.raises(ContentTooLarge):
        read_commit(written(*lines, lines[-1]) + b"\n")


@pytest.mark.parametrize("path", ["a/../b", ".git/config", "x/.Git/y", "", 7, None])
def test_read_commit_when_a_path_is_unsafe_then_refused(path):
    with pytest.raises(InvalidRequest):
        read_commit(written(HEADER, line("deletedFile", path=path)))


def test_read_commit_when_a_key_stands_twice_in_a_line_then_refused():
    raw = b'{"key": "deletedFile", "key": "header", "value": {"path": "a"}}'
    with pytest.raises(InvalidRequest):
        read_commit(written(HEADER) + b"\n" + raw)


@pytest.mark.parametrize("parent", [7, True, ["c0ffee"], {"oid": "c0ffee"}])
def test_read_commit_when_its_parent_is_no_text_then_refused_and_not_passed_over(parent):
    with pytest.raises(InvalidRequest, match="parentCommit"):
        read_commit(written(line("header", parentCommit=parent)))


def test_read_commit_when_it_has_two_headers_then_refused():
    with pytest.raises(InvalidRequest, match="two headers"):
        read_commit(written(HEADER, line("deletedFile", path="a"), line("header")))
