"""The same files packed by different programs are the same files, whatever their habits."""

import io
import struct
import zipfile
import zlib
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.zips import CheckedZip

TREE = {"README.md": b"# robot", "src/run.py": b"1", "café/説明.txt": b"2", "a b/ü.bin": b"3"}
FAT, UNIX = 0, 3
SIDE = [
    ".DS_Store", "src/.DS_Store", "__MACOSX/._README.md", "__MACOSX/src/._run.py", "src/._run.py",
    "Thumbs.db", "a b/desktop.ini", "Icon\r", ".git/config", ".git/objects/ab/cd",
    ".cache/huggingface/download/README.md.metadata", ".cache/huggingface/.gitignore",
]  # fmt: skip


class RawInfo(zipfile.ZipInfo):
    """A member whose name is written as these bytes."""

    raw, flags = b"", 0

    def _encodeFilenameFlags(self):
        return self.raw, self.flag_bits | self.flags


class Pipe:
    """Takes bytes and cannot go back, so that sizes follow the data (section 4.3.9)."""

    def __init__(self, target):
        self.write, self.flush = target.write, target.flush


def packed(
    files, *, host=UNIX, utf8=True, method=zipfile.ZIP_DEFLATED, extra=None, front=b"",
    is_streamed=False, is_zip64=False,
):  # fmt: skip
    """A zip of files by their names as text or bytes.

    Args:
        extra: makes the extra data of a member from its raw name; None for none.
        front: bytes before the zip.
    """
    target = io.BytesIO()
    target.write(front)
    mode: Literal["a", "w"] = "a" if front and not is_streamed else "w"
    sink: Any = Pipe(target) if is_streamed else target
    with zipfile.ZipFile(sink, mode) as archive:
        for name, data in files.items():
            info = RawInfo("x" if isinstance(name, bytes) else name)
            info.raw = name if isinstance(name, bytes) else name.encode()
            info.flags = 0x0800 if utf8 and not info.raw.isascii() else 0
            info.create_system, info.compress_type = host, method
            info.extra = extra(name) if extra else b""
            with archive.open(info, "w", force_zip64=is_zip64) as member:
                member.write(data)
    return target.getvalue()


def read(data):
    archive = CheckedZip(io.BytesIO(data))
    return {each.path: b"".join(archive.read(each)) for each in archive.members}


def unicode_path(name, plain):
    content = struct.pack("<BI", 1, zlib.crc32(plain)) + name.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content


habits = st.fixed_dictionaries({
    "folders": st.lists(st.sampled_from(["robot", "v2", "übung", "my model"]), max_size=3),
    "dot": st.sampled_from(["", "./", ".//"]),
    "folder_entries": st.booleans(),
    "separator": st.sampled_from(["/", "\\"]),
    "side": st.lists(st.sampled_from(SIDE), unique=True, max_size=6),
    "side_at_top": st.booleans(),
    "utf8": st.booleans(),
    "method": st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    "is_streamed": st.booleans(),
    "is_zip64": st.booleans(),
    "front": st.sampled_from([b"", b"MZ\x90 a program that unpacks itself"]),
})  # fmt: skip


def packed_by_habit(files, habit):
    prefix = habit["dot"] + "".join(f"{folder}/" for folder in habit["folders"])
    named = {prefix + name: data for name, data in files.items()}
    for name in habit["side"]:
        named[habit["dot"] + name if habit["side_at_top"] else prefix + name] = b"side"
    if habit["folder_entries"]:
        folders = {name.rpartition("/")[0] for name in named if "/" in name}
        named |= {f"{folder}/": b"" for folder in folders if folder.strip("./")}
    is_windows = habit["separator"] == "\\"
    named = {name.replace("/", habit["separator"]): data for name, data in named.items()}
    return packed(
        named,
        host=FAT if is_windows else UNIX,
        utf8=habit["utf8"],
        method=habit["method"],
        front=habit["front"],
        is_streamed=habit["is_streamed"],
        is_zip64=habit["is_zip64"],
    )


@given(habits)
def test_zip_when_packed_with_the_habits_of_programs_then_holds_the_same_files(habit):
    assert read(packed_by_habit(TREE, habit)) == TREE


@pytest.mark.parametrize(
    ("files", "options", "paths"),
    [
        pytest.param(
            {"README.md": b"", "für.txt".encode("cp437"): b""}, {}, ["README.md", "für.txt"],
            id="DOS code page",
        ),
        pytest.param(
            {"説明.txt".encode("cp932"): b""},
            {"extra": lambda plain: unicode_path("説明.txt", plain)}, ["説明.txt"],
            id="Info-ZIP's Unicode path",
        ),
        pytest.param(
            {b"new.txt": b""}, {"extra": lambda _: unicode_path("old.txt", b"old.txt")},
            ["new.txt"], id="a Unicode path of an older name",
        ),
        pytest.param(
            {"a\\README.md": b"", "a\\b\\c": b"", "a\\b\\": b""}, {"host": UNIX},
            ["README.md", "b/c"], id="backslashes only",
        ),
        pytest.param(
            {"a/README.md": b"", "a\\b/c": b""}, {"host": FAT}, ["README.md", "b/c"],
            id="both separators from Windows",
        ),
        pytest.param(
            {"a/README.md": b"", "a/b\\c": b""}, {"host": UNIX}, ["README.md", "b[U+005C]c"],
            id="a backslash in a name on Unix",
        ),
        pytest.param(
            {"README.md": b"", "od\x7fd\r.txt": b""}, {}, ["README.md", "od[U+007F]d[U+000D].txt"],
            id="letters that no name may hold",
        ),
        pytest.param(
            {"x/README.md": b"", "x/.cache/mine": b"", "x/.github/a.yml": b"", "x/.gitignore": b""},
            {}, ["README.md", ".cache/mine", ".github/a.yml", ".gitignore"],
            id="what only looks like a side file",
        ),
    ],
)  # fmt: skip
def test_zip_when_names_are_odd_then_each_is_read_as_it_was_meant(files, options, paths):
    assert sorted(read(packed(files, **options, utf8=False))) == sorted(paths)


@pytest.mark.parametrize("name", ["/etc/passwd", "a/../../b", "C:\\Users\\me\\a", "D:/a", "..\\a"])
def test_zip_when_a_path_leads_out_of_its_folder_then_refused_with_its_name(name):
    with pytest.raises(ArchiveRefused) as caught:
        read(packed({name: b"", "b": b""}, host=FAT))
    assert repr(name)[1:-1] in caught.value.message
    assert "Pack the folder" in caught.value.message


def test_zip_when_only_side_files_are_in_it_then_holds_none():
    with pytest.raises(ArchiveRefused, match="holds no files"):
        read(packed(dict.fromkeys(SIDE, b"")))


def test_zip_when_two_names_mean_one_path_then_refused_with_it():
    with pytest.raises(ArchiveRefused, match=r"'b/run\.py'"):
        read(packed({"a": b"", "b/run.py": b"", "./b//run.py": b""}))


@pytest.mark.parametrize("attributes", [0x10, 0o040755 << 16])
def test_names_when_a_folder_lacks_its_slash_then_it_is_a_folder(attributes):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        folder = zipfile.ZipInfo("src")
        folder.external_attr, folder.create_system = attributes, UNIX
        archive.writestr(folder, b"")
        archive.writestr("src/run.py", b"1")
        archive.writestr("README.md", b"2")
    assert [each.path for each in CheckedZip(target).members] == ["src/run.py", "README.md"]


@pytest.mark.parametrize("raw", [b"caf\x82.txt", b"src/\xff\xfe.py", b"\xc3"])
def test_zip_when_a_name_is_said_to_be_utf8_and_is_not_then_refused_by_that_name(raw):
    flagged = packed({"README.md": b"# robot", raw: b"1"})
    with pytest.raises(ArchiveRefused, match="said to be in UTF-8") as refused:
        CheckedZip(io.BytesIO(flagged))
    assert raw.decode(errors="backslashreplace").replace("\\", "\\\\") in refused.value.message
