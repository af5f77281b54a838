import pytest

from artifacts.enums import Part
from artifacts.exceptions import SourceRefused, SourceTooLarge, SourceUnavailable
from artifacts.limits import LISTED_SIZE_MAX_BYTES, PATH_MAX_CHARS
from artifacts.rules import budget
from artifacts.rules.archives.paths import check_member_path, find_clash
from artifacts.sources.base import SourceFile
from artifacts.sources.listings import Entry, list_files

SHA1 = f"git:{'a' * 40}"


def paths(*listed: str, folder: str = "") -> list[str]:
    files = list_files([Entry(path, 1, SHA1) for path in listed], folder, "The Hub").files
    return [file.path for file in files]


def test_list_files_when_sound_then_with_size_digest_and_part():
    digest = f"sha256:{'b' * 64}"
    listing = list_files([Entry("model.safetensors", 7, digest)], "", "The Hub")
    assert listing.files == (SourceFile("model.safetensors", 7, digest, Part.WEIGHTS),)
    assert listing.link_only_reason == ""


def test_list_files_when_folder_given_then_only_its_files_relative_to_it():
    assert paths("a/x", "ab/y", "a/b/z", "a", folder="a") == ["x", "b/z"]


@pytest.mark.parametrize("folder", ["nope", "x" * (PATH_MAX_CHARS + 1)], ids=["absent", "long"])
def test_list_files_when_there_is_no_such_folder_then_refused(folder):
    with pytest.raises(SourceRefused, match="folder"):
        paths("a/x", folder=folder)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("../outside", id="dot-dot"),
        pytest.param("a/../../outside", id="dot-dot-inside"),
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("C:/windows", id="drive"),
        pytest.param("a\\b", id="backslash"),
        pytest.param("a\x00b", id="nul"),
        pytest.param("a\nb", id="line-break"),
        pytest.param("Icon\r", id="icon-of-finder"),
        pytest.param("x: y.md", id="colon"),
        pytest.param("a//b", id="empty-segment"),
        pytest.param("/".join(["abcdefghi"] * 101), id="too-long"),
        pytest.param("x" * 256, id="segment-too-long"),
    ],
)
def test_list_files_when_path_is_hostile_then_kept_under_a_safe_name(path):
    entries = [Entry(each, 1, SHA1) for each in (path, "README.md")]
    listing = list_files(entries, "", "The Hub")
    file = next(each for each in listing.files if each.path != "README.md")
    assert check_member_path(file.path) == file.path
    assert (file.listed_path, listing.facts) == (path, {"renamed_files": {file.path: path}})
    assert listing.link_only_reason == ""


def test_list_files_when_names_clash_then_one_is_kept_under_another_name():
    listing = list_files([Entry(each, 1, SHA1) for each in ("a.md", "A.md", "b")], "", "GitHub")
    assert find_clash([file.path for file in listing.files]) is None
    assert sorted(file.listed_path for file in listing.files) == ["A.md", "a.md", "b"]
    assert list(listing.facts["renamed_files"].values()) == ["a.md"]


def test_list_files_when_too_many_have_odd_names_then_a_link_with_the_reason(set_limits):
    set_limits(RENAMED_FILES_MAX=1)
    assert len(paths("a\\b", "c")) == 2
    assert (
        "names"
        in list_files(
            [Entry(each, 1, SHA1) for each in ("a\\b", "c\\d")], "", "GitHub"
        ).link_only_reason
    )


def test_list_files_when_path_stands_there_twice_then_refused():
    with pytest.raises(SourceRefused, match="twice"):
        paths("a", "b", "a")


@pytest.mark.parametrize(
    "entry",
    [
        Entry(None, 1, SHA1),
        Entry(7, 1, SHA1),
        Entry("", 1, SHA1),
        Entry("a", None, SHA1),
        Entry("a", "7", SHA1),
        Entry("a", True, SHA1),
        Entry("a", 1.5, SHA1),
        Entry("a", -1, SHA1),
        Entry("a", LISTED_SIZE_MAX_BYTES + 1, SHA1),
        Entry("a", 1, "git:None"),
        Entry("a", 1, "sha256:abc"),
        Entry("a", 1, ""),
    ],
    ids=str,
)
def test_list_files_when_form_is_not_the_documented_one_then_unavailable(entry):
    with pytest.raises(SourceUnavailable, match="The Hub's file list"):
        list_files([entry], "", "The Hub")


def test_list_files_when_more_than_can_be_kept_then_none_and_the_reason(set_limits):
    set_limits(FILES_MAX=3)
    assert paths("a", "b", "c") == ["a", "b", "c"]
    entries = [Entry(path, 1, SHA1) for path in "abcd"]
    listing = list_files(entries, "", "The Hub")
    assert listing.files == ()
    assert "over 3 files" in listing.link_only_reason


def test_list_files_when_the_names_take_longer_than_a_request_may_then_a_task_goes_on(set_limits):
    many = [f"{number}.txt" for number in range(200)]
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    with pytest.raises(SourceUnavailable, match="file list is too much to read"):
        paths(*many)
    with budget.in_task():
        assert paths(*many) == many
    set_limits(JUDGED_IN_TASK_CPU_S=0.0)
    with budget.in_task(), pytest.raises(SourceTooLarge, match="too much to read"):
        paths(*many)
