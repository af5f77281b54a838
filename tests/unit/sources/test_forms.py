import pytest

from artifacts.exceptions import InvalidUrl, SourceUnavailable
from artifacts.limits import CARD_MAX_CHARS, DATA_DEPTH_MAX, REF_MAX_CHARS, TAGS_MAX
from artifacts.sources.forms import (
    check_ref,
    check_repository,
    kept,
    stated_commit,
    stated_repository,
    stated_tags,
)


def nested(depth: int) -> dict:
    data: dict = {}
    for _ in range(depth - 1):
        data = {"in": data}
    return data


def test_check_repository_when_letters_are_fine_then_joined():
    assert check_repository(["org", "Name_1.0-b"]) == "org/Name_1.0-b"


@pytest.mark.parametrize("name", ["a b", "a?b", "a#b", "a/b", "", "caf\xe9", "a:b", "a%b"])
def test_check_repository_when_no_repository_can_have_the_name_then_invalid(name):
    with pytest.raises(InvalidUrl):
        check_repository(["org", name])


def test_check_ref_when_longer_than_can_be_kept_then_invalid():
    assert check_ref("r" * REF_MAX_CHARS) == "r" * REF_MAX_CHARS
    with pytest.raises(InvalidUrl):
        check_ref("r" * (REF_MAX_CHARS + 1))


@pytest.mark.parametrize("name", [None, 7, "a b/c", "../x?", ["org/name"]])
def test_stated_repository_when_source_says_nonsense_then_unavailable(name):
    with pytest.raises(SourceUnavailable, match="The Hub's answer"):
        stated_repository(name, "The Hub")


@pytest.mark.parametrize("commit", [None, "", "main", "../../x", "a" * 65, 40 * 1.0])
def test_stated_commit_when_no_hash_then_unavailable(commit):
    with pytest.raises(SourceUnavailable, match="which commit"):
        stated_commit(commit, "The Hub")


def test_stated_commit_when_a_hash_then_itself():
    assert stated_commit("c0ffee" * 6 + "beef", "The Hub") == "c0ffee" * 6 + "beef"


@pytest.mark.parametrize(
    ("listed", "tags"),
    [
        ([{"name": "v1", "at": "c0ffee0"}, {"name": "v2"}], {"v1": "c0ffee0", "v2": ""}),
        ([{"name": "v1", "at": "c0ffee0"}, {"name": "v1", "at": "dead"}], {"v1": "c0ffee0"}),
        ([{"name": "v1", "at": "main"}, {"name": "v2", "at": 7}], {"v1": "", "v2": ""}),
        ([{"name": 1}, "v1", {}, {"name": "t" * (REF_MAX_CHARS + 1)}], {}),
        ({"name": "v1"}, {}),
        (None, {}),
    ],
    ids=["plain", "twice", "no-commits", "other-forms", "no-list", "nothing"],
)
def test_stated_tags_when_listed_then_only_sound_names_and_commits(listed, tags):
    assert stated_tags(listed, lambda tag: tag.get("at")) == tags


def test_stated_tags_when_there_are_thousands_then_the_first_of_them():
    listed = [{"name": f"v{number}"} for number in range(TAGS_MAX + 1)]
    assert len(stated_tags(listed, lambda tag: tag.get("at"))) == TAGS_MAX


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ({"a": float("nan")}, {"a": "nan"}),
        ({"a": "x" * CARD_MAX_CHARS}, {}),
        ([1], {}),
        (None, {}),
        (nested(DATA_DEPTH_MAX), nested(DATA_DEPTH_MAX)),
        (nested(DATA_DEPTH_MAX + 1), {}),
    ],
    ids=["plain", "no-number", "too-large", "list", "nothing", "deep", "too-deep"],
)
def test_kept_when_data_cannot_be_json_then_made_fit_or_left_out(data, expected):
    assert kept(data) == expected
