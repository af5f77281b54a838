import hashlib
import io
import stat
import struct
import zipfile

import pytest

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.zips import CheckedZip, ZipMember, check_zip, find_refusal

FILES = {"README.md": b"# robot\n", "src/run.py": b"print('tea')\n"}


def zipped(files=FILES, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return bytearray(target.getvalue())


def with_info(**changes):
    """A zip of one file whose ZipInfo was changed before it was written."""
    info = zipfile.ZipInfo("a.bin")
    for name, value in changes.items():
        setattr(info, name, value)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, b"x")
    return bytearray(target.getvalue())


def patched(data, offset_in_directory, form, value, entry=0):
    """A zip with one field of a directory header changed (APPNOTE 4.3.12)."""
    at = -1
    for _ in range(entry + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    struct.pack_into(form, data, at + offset_in_directory, value)
    return data


def refused(data, reason):
    with pytest.raises(ArchiveRefused, match=reason):
        check_zip(io.BytesIO(bytes(data)))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_when_plain_lists_its_files(method):
    assert check_zip(io.BytesIO(zipped(method=method))) == (
        ZipMember("README.md", "README.md", 8),
        ZipMember("src/run.py", "src/run.py", 13),
    )


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        pytest.param(["robot/", "robot/a", "robot/b/c"], ["a", "b/c"], id="one folder around all"),
        pytest.param(["robot/a", "robot2/b"], ["robot/a", "robot2/b"], id="two folders"),
        pytest.param(["robot/a", "b"], ["robot/a", "b"], id="a file beside"),
        pytest.param(["a"], ["a"], id="a single file"),
        pytest.param(["inner.zip", "x.tar.gz"], ["inner.zip", "x.tar.gz"], id="archives are files"),
        pytest.param(["out/v2/a", "out/v2/b/c"], ["a", "b/c"], id="several folders around all"),
        pytest.param(["m.mlpackage/a/b", "m.mlpackage/c"], ["m.mlpackage/a/b", "m.mlpackage/c"],
                     id="a folder that is a model"),
        pytest.param(["robot/a", ".DS_Store", "__MACOSX/robot/._a"], ["a"], id="Finder's beside"),
    ],
)  # fmt: skip
def test_zip_when_wrapped_in_a_folder_leaves_that_out(names, paths):
    members = check_zip(io.BytesIO(zipped(dict.fromkeys(names, b""))))
    assert [member.path for member in members] == paths


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(zipped(), "", id="sound"),
        pytest.param(patched(with_info(), 10, "<H", 9), "Deflate64", id="another method"),
        pytest.param(zipped({"a\\..\\..\\b": b""}), "elsewhere", id="a path that leads out"),
        pytest.param(zipped()[:-30], "", id="damaged on its way"),
    ],
)
def test_zip_when_its_directory_tells_then_a_refusal_is_known_early(data, said):
    found = find_refusal(io.BytesIO(bytes(data)))
    assert said in found
    assert bool(found) == bool(said)


def test_zip_when_read_gives_its_files():
    archive = CheckedZip(io.BytesIO(zipped()))
    assert {each.path: b"".join(archive.read(each)) for each in archive.members} == FILES


def test_zip_when_zip64_is_read(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = zipped()
    assert b"PK\x06\x06" in data
    assert len(check_zip(io.BytesIO(data))) == 2


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello" * 100, id="no zip"),
        pytest.param(zipped()[:-30], id="end cut off"),
        pytest.param(zipped()[60:], id="start cut off"),
        pytest.param(patched(zipped(), 0, "<4s", b"PKxx"), id="directory broken"),
        pytest.param(patched(zipped(), 28, "<H", 60_000), id="name past the end"),
        pytest.param(patched(zipped(), 6, "<H", 99), id="of a later version"),
        pytest.param(patched(zipped(), 24, "<L", 0xFFFFFFFF), id="zip64 size that is not there"),
    ],
)
def test_zip_when_broken_is_refused(data):
    refused(data, ".")


def test_zip_when_empty_is_refused():
    refused(zipped({}), "holds no files")
    refused(zipped({"only/folders/": b""}), "holds no files")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(zipped({"../a": b"x"}), "segment", id="zip slip"),
        pytest.param(zipped({"/a": b"x"}), "absolute", id="absolute"),
        pytest.param(zipped({"..\\a": b"x"}), "segment", id="zip slip by backslash"),
        pytest.param(zipped({"C:\\a": b"x"}), "absolute", id="a drive"),
        pytest.param(zipped({"A.txt": b"x", "a.TXT": b"y"}), "same name", id="case"),
        pytest.param(zipped({"a": b"x", "a/b": b"y"}), "same name", id="file and folder"),
        pytest.param(
            with_info(external_attr=(stat.S_IFLNK | 0o777) << 16), "link or a device", id="link"
        ),
        pytest.param(
            with_info(external_attr=(stat.S_IFIFO | 0o777) << 16), "link or a device", id="pipe"
        ),
        pytest.param(patched(with_info(), 8, "<H", 1), "encrypted", id="encrypted"),
        pytest.param(patched(with_info(), 8, "<H", 1 << 13), "encrypted", id="masked directory"),
        pytest.param(with_info(compress_type=zipfile.ZIP_LZMA), "'a.bin'.*LZMA", id="LZMA"),
        pytest.param(with_info(compress_type=zipfile.ZIP_BZIP2), "'a.bin'.*bzip2", id="bzip2"),
        pytest.param(
            patched(with_info(), 10, "<H", 9), "'a.bin'.*Deflate64.*Pack .* again", id="Deflate64"
        ),
        pytest.param(patched(with_info(), 10, "<H", 93), "'a.bin'.*Zstandard", id="Zstandard"),
        pytest.param(patched(with_info(), 10, "<H", 77), "'a.bin'.*number 77", id="unknown method"),
        pytest.param(patched(with_info(), 46, "<5s", b"a\0bin"), "NUL", id="name cut by NUL"),
        pytest.param(
            patched(with_info(), 20, "<L", 1_000), "reaches into", id="data past the directory"
        ),
        pytest.param(
            patched(zipped({"a": b"x", "b": b"y"}), 42, "<L", 0, entry=1), "overlap", id="overlap"
        ),
    ],
)
def test_zip_when_unsafe_is_refused_with_its_reason(data, reason):
    refused(data, reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(patched(with_info(), 46, "<5s", b"b.bin"), "two names", id="other local name"),
        pytest.param(b"nope" + with_info()[4:], "points at no file", id="no local header"),
    ],
)
def test_file_when_its_local_header_is_another_is_refused_where_it_is_read(data, reason):
    archive = CheckedZip(io.BytesIO(data))
    with pytest.raises(ArchiveRefused, match=reason):
        list(archive.read(archive.members[0]))


def test_zip_when_it_has_many_files_then_judged_without_looking_at_each():
    class Counted(io.BytesIO):
        seeks = 0

        def seek(self, *place):
            Counted.seeks += 1
            return super().seek(*place)

    CheckedZip(Counted(zipped({f"file-{number}": b"x" * 100 for number in range(500)})))
    assert Counted.seeks < 50


def test_zip_when_a_name_is_empty_is_refused():
    data = with_info()
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 28, 0)
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 30, 5)  # the name becomes extra data
    refused(data, ".")


def test_zip_when_a_name_is_in_it_twice_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"y")
    refused(target.getvalue(), "same name")


def test_zip_when_at_a_limit_passes_and_above_is_refused(set_limits):
    set_limits(ZIP_MEMBERS_MAX=2)
    assert len(check_zip(io.BytesIO(zipped()))) == 2
    refused(zipped(FILES | {"c": b""}), "over 2 members")


def test_zip_when_its_end_lies_about_the_number_of_members_is_counted(set_limits):
    set_limits(ZIP_MEMBERS_MAX=1)
    data = zipped()
    struct.pack_into("<HH", data, data.index(b"PK\x05\x06") + 8, 1, 1)
    refused(data, "over 1 members")


def test_zip_when_its_directory_is_too_large_is_refused_unread(set_limits):
    set_limits(ZIP_CENTRAL_DIRECTORY_MAX_BYTES=100)
    refused(zipped(), "directory is too large")


def test_zip_when_it_unpacks_to_too_much_is_refused(set_limits):
    set_limits(UPLOAD_MAX_BYTES=21)
    assert len(check_zip(io.BytesIO(zipped()))) == 2
    refused(zipped(FILES | {"c": b"1"}), "unpacks to 22 bytes")


def test_zip_when_it_is_a_bomb_is_refused_but_zeros_that_cost_little_are_not(set_limits):
    zeros = zipped({"zeros": bytes(20_000_000)})
    assert len(check_zip(io.BytesIO(zeros))) == 1
    set_limits(ZIP_RATIO_FLOOR_BYTES=20_000_000)
    assert len(check_zip(io.BytesIO(zeros))) == 1
    set_limits(ZIP_RATIO_FLOOR_BYTES=19_999_999)
    refused(zeros, "as bombs do; the largest file is 'zeros'")


def test_zip_when_much_of_it_is_zeros_but_not_all_is_no_bomb(set_limits):
    set_limits(ZIP_RATIO_FLOOR_BYTES=1_000_000)
    files = {"zeros": bytes(2_000_000), "noise": hashlib.shake_128(b"tea").digest(20_000)}
    assert len(check_zip(io.BytesIO(zipped(files)))) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(patched(zipped({"a": b"x" * 50}), 24, "<L", 49), "broken", id="longer"),
        pytest.param(patched(zipped({"a": b"x" * 50}), 24, "<L", 51), "another size", id="shorter"),
        pytest.param(patched(zipped({"a": b"x" * 50}), 16, "<L", 1), "broken", id="other CRC"),
    ],
)
def test_member_when_it_differs_from_the_directory_is_refused(data, reason):
    archive = CheckedZip(io.BytesIO(data))
    with pytest.raises(ArchiveRefused, match=reason):
        b"".join(archive.read(archive.members[0]))
