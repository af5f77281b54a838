import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import ArchiveRefused, TooMuchToRead
from artifacts.limits import PATH_MAX_CHARS
from artifacts.rules.archives.paths import (
    check_member_path,
    escape_path,
    find_clash,
    find_clashes,
    mark_apart,
)


@pytest.mark.parametrize(
    "path",
    ["README.md", "a/b/c.bin", "größe/模型.bin", ".gitattributes", "a..b/c...d", "x" * 255, "a b"],
)
def test_path_when_safe_comes_back_unchanged(path):
    assert check_member_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="empty"),
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("C:/x", id="drive letter"),
        pytest.param("C:x", id="relative to a drive"),
        pytest.param("a\\..\\b", id="backslash"),
        pytest.param("..", id="parent"),
        pytest.param("a/../../b", id="zip slip"),
        pytest.param("./a", id="here"),
        pytest.param("a//b", id="empty segment"),
        pytest.param("a/", id="folder"),
        pytest.param("a\x00.bin", id="NUL"),
        pytest.param("a\nINFO forged", id="line break in a log"),
        pytest.param("a\x1b[31m", id="terminal sequence"),
        pytest.param("a\x85b", id="C1 control"),
        pytest.param("a\ud800", id="half a character"),
        pytest.param("x" * 256, id="long segment"),
        pytest.param("ä" * 128, id="segment of 256 bytes"),
        pytest.param("a/" * (PATH_MAX_CHARS // 2) + "b", id="long path"),
    ],
)
def test_path_when_unsafe_is_refused(path):
    with pytest.raises(ArchiveRefused, match="Rename the file"):
        check_member_path(path)


@given(st.text(alphabet=st.characters() | st.sampled_from("./\\:\0"), max_size=60))
def test_path_when_it_passes_stays_in_its_folder(path):
    try:
        checked = check_member_path(path)
    except ArchiveRefused:
        return
    joined = posixpath.normpath(posixpath.join("/folder", checked))
    assert joined == f"/folder/{path}"


@pytest.mark.parametrize(
    ("paths", "clash"),
    [
        pytest.param(["a", "b", "a/b".replace("/", "-")], None, id="none"),
        pytest.param(["a/b", "a-b", "a.b", "a/c", "ab"], None, id="neighbours"),
        pytest.param(["a", "a"], "a", id="twice"),
        pytest.param(["Readme.md", "README.md"], "README.md", id="case"),
        pytest.param(["stra\u00dfe", "STRASSE"], "STRASSE", id="case that changes length"),
        pytest.param(["\u00e9", "e\u0301"], "e\u0301", id="Unicode form"),
        pytest.param(["a", "a/b"], "a", id="file and folder"),
        pytest.param(["A/x/y", "a-b", "a/X"], "a/X", id="file and folder by case"),
    ],
)
def test_find_clash_when_names_meet_names_one(paths, clash):
    assert find_clash(paths) == clash
    assert (find_clash(paths[::-1]) is None) == (clash is None)


@given(st.lists(st.text(alphabet="aB/", min_size=1, max_size=5).map(lambda t: t.strip("/") or "a")))
def test_find_clash_when_compared_with_the_plain_rule_agrees(paths):
    keys = [path.casefold() for path in paths]
    twice = len(set(keys)) < len(keys)
    inside = any(other.startswith(f"{key}/") for key in keys for other in keys)
    assert (find_clash(paths) is not None) == (twice or inside)


def test_find_clash_when_names_are_all_marks_then_it_is_given_up(set_limits):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    with pytest.raises(TooMuchToRead):
        find_clash([f"{number}" + "\u0301\u0316" * 60 for number in range(100)])


ODD = st.text(alphabet=st.characters() | st.sampled_from("./\\:\0[]U+~0123456789ABCDEFabcdef"))


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param("docs/größe.md", "docs/größe.md", id="safe"),
        pytest.param("a%5Cb [1].txt", "a%5Cb [1].txt", id="safe with signs"),
        pytest.param("Icon\r", "Icon[U+000D]", id="Finder's icon"),
        pytest.param("src\\main.py", "src[U+005C]main.py", id="backslash"),
        pytest.param("a:b.txt", "a[U+003A]b.txt", id="like a drive"),
        pytest.param("../../x", "[U+002E][U+002E]/[U+002E][U+002E]/x", id="parent"),
        pytest.param("./x", "[U+002E]/x", id="here"),
        pytest.param("/etc/passwd", "[U+]/etc/passwd", id="absolute"),
        pytest.param("a//b/", "a/[U+]/b/[U+]", id="empty segments"),
        pytest.param("", "[U+]", id="empty"),
        pytest.param("\u202egpj.exe", "[U+202E]gpj.exe", id="writing direction"),
        pytest.param("a\ud800", "a[U+D800]", id="half a character"),
        pytest.param("Icon[U+000D]", "Icon[U+005B]U+000D]", id="looks like an escape"),
        pytest.param("x[~ab12].md", "x[U+005B]~ab12].md", id="looks like a digest"),
    ],
)
def test_escape_path_when_name_cannot_be_kept_spells_it_out(path, kept):
    assert escape_path(path) == kept
    assert check_member_path(kept) == kept


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("a" * 300 + ".safetensors", id="segment"),
        pytest.param("ä" * 200 + "/model.safetensors", id="folder"),
        pytest.param("a/" * PATH_MAX_CHARS + "model.safetensors", id="path"),
        pytest.param("\t" * 100 + ".safetensors", id="escapes"),
        pytest.param("\U0001f469\u200d" * 60 + "\U0001f469.safetensors", id="joiners"),
    ],
)
def test_escape_path_when_name_is_too_long_keeps_its_ending(path):
    kept = escape_path(path)
    assert check_member_path(kept).endswith(".safetensors")
    assert escape_path(f"b{path}") != kept


@given(ODD, ODD)
def test_escape_path_when_paths_differ_then_so_do_the_results(first, second):
    kept = [escape_path(path) for path in (first, second)]
    assert [check_member_path(path) for path in kept] == kept
    assert (kept[0] == kept[1]) == (first == second)


@pytest.mark.parametrize(
    ("paths", "moved"),
    [
        pytest.param(["a", "b/c"], [], id="none"),
        pytest.param(["b.md", "B.md", "b.MD"], ["b.MD", "b.md"], id="case"),
        pytest.param(["data", "Data", "data/x"], ["Data", "data"], id="files and a folder"),
        pytest.param(["\u00e9", "e\u0301"], ["\u00e9"], id="Unicode form"),
    ],
)
def test_find_clashes_when_some_give_way_nothing_clashes(paths, moved):
    assert find_clashes(paths) == moved
    kept = [mark_apart(path) if path in moved else path for path in paths]
    assert find_clash(kept) is None
    assert [check_member_path(path) for path in kept] == kept


def test_mark_apart_when_path_is_at_its_limit_still_fits():
    path = "a/" * (PATH_MAX_CHARS // 2 - 2) + "b.md"
    marked = mark_apart(path)
    assert check_member_path(marked).endswith("b.md")
    assert marked != mark_apart(f"{path[:-4]}B.md")
