import pytest

from artifacts.rules.hub.commits import (
    commit_of,
    find_number,
    is_full_commit,
    name_revision,
    read_revision_name,
)

ID = "model-1-1760000000000001"
FULL = "c0ffee" + "0" * 34


def test_commit_when_the_source_has_one_then_that():
    assert commit_of(artifact_id=ID, number=2, commit=FULL, folder="") == FULL


@pytest.mark.parametrize(
    ("commit", "folder"), [("", ""), ("c0ffee", ""), (FULL.upper(), ""), (FULL, "onnx")]
)
def test_commit_when_the_source_has_none_of_the_whole_then_made_of_id_and_number(commit, folder):
    made = commit_of(artifact_id=ID, number=258, commit=commit, folder=folder)
    # Frozen: clients have it in their caches.
    assert made == "e64f8c29d79ab2184e5f945301afa83d00000102"
    assert is_full_commit(made)
    assert find_number(made) == 258
    other = commit_of(artifact_id=f"{ID}0", number=258, commit=commit, folder=folder)
    assert other[:32] != made[:32]


@pytest.mark.parametrize("commit", ["", "main", "0" * 40, "f" * 40, "0" * 32 + "80000000"])
def test_number_when_a_commit_can_hold_none_then_none(commit):
    assert find_number(commit) is None


def test_number_when_a_row_can_just_hold_it_then_found():
    assert find_number("0" * 32 + "7fffffff") == 2**31 - 1


@pytest.mark.parametrize(
    ("name", "number"),
    [("r1", 1), ("r20", 20), ("r0", None), ("r01", None), ("1", None), ("r", None), ("rr1", None),
     ("R1", None), ("r1 ", None), ("r2147483648", None), ("r" + "9" * 400, None)],
)  # fmt: skip
def test_name_when_it_is_a_tag_of_ours_then_its_number(name, number):
    assert read_revision_name(name) == number
    assert number is None or name_revision(number) == name
