"""Whatever a stranger sends, the answer is members or `ArchiveRefused`."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.zips import CheckedZip

pytestmark = pytest.mark.slow

NAMES = st.text(alphabet="aZä./\\-", min_size=1, max_size=8)


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def read_all(data):
    """All files by path, None when the zip is refused."""
    try:
        archive = CheckedZip(io.BytesIO(data))
        return {each.path: b"".join(archive.read(each)) for each in archive.members}
    except ArchiveRefused:
        return None


@given(st.binary(max_size=400))
def test_zip_when_noise_is_refused(data):
    assert read_all(data) is None


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "d.bin"]), st.binary(max_size=50), min_size=1),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_zip_when_bytes_are_changed_is_read_or_refused(files, changes):
    data = bytearray(zipped(files))
    for position, value in changes:
        data[position % len(data)] = value
    found = read_all(bytes(data))
    assert found is None or all(path and ".." not in path.split("/") for path in found)


@given(st.dictionaries(NAMES, st.binary(max_size=20), min_size=1, max_size=5))
def test_zip_when_accepted_keeps_every_file_under_a_safe_path(files):
    found = read_all(zipped(files))
    if found is None:
        return
    has_slash = any("/" in name for name in files)
    ends = ("/",) if has_slash else ("/", "\\")
    kept = [data for name, data in files.items() if not name.endswith(ends)]
    assert sorted(found.values()) == sorted(kept)
    assert all(part not in ("", ".", "..") for path in found for part in path.split("/"))
