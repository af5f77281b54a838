import pytest

from artifacts.exceptions import ContentTooLarge, InvalidRequest, PathNotThere
from artifacts.rules.hub.changes import change
from artifacts.rules.hub.operations import AddRegular, Delete

KEPT = {"a": 1, "folder/b": 2, "folder-c": 3}


def test_change_when_operations_follow_each_other_then_their_order_counts():
    add, remove = AddRegular("a", b""), Delete("a", is_folder=False)
    assert "a" not in change(KEPT, [add, remove])
    assert change(KEPT, [remove, add])["a"] == add


def test_change_when_a_folder_is_deleted_then_only_what_is_in_it_goes():
    assert change(KEPT, [Delete("folder", is_folder=True)]) == {"a": 1, "folder-c": 3}


@pytest.mark.parametrize("what", [Delete("b", is_folder=False), Delete("a", is_folder=True)])
def test_change_when_what_is_deleted_is_not_there_then_said(what):
    with pytest.raises(PathNotThere, match=what.path):
        change(KEPT, [what])


@pytest.mark.parametrize("path", ["A", "folder", "a/b", "FOLDER/b"])
def test_change_when_names_clash_then_refused(path):
    with pytest.raises(InvalidRequest, match="clashes"):
        change(KEPT, [AddRegular(path, b"")])


def test_change_when_too_many_files_then_refused_and_at_the_limit_taken(set_limits):
    set_limits(COMMIT_FILES_MAX=4)
    assert len(change(KEPT, [AddRegular("d", b"")])) == 4
    with pytest.raises(ContentTooLarge):
        change(KEPT, [AddRegular("d", b""), AddRegular("e", b"")])
