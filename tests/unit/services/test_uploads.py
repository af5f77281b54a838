import pytest

from artifacts.exceptions import ContentTooLarge, InvalidRequest
from artifacts.limits import UPLOAD_MAX_BYTES
from artifacts.models import Upload
from artifacts.services.uploads import begin_upload
from artifacts.storage.links import read_upload

SHA256 = "ab" * 32


def begin(user, **changes):
    given = {"filename": "robot.zip", "size_bytes": 5, "sha256": SHA256} | changes
    return begin_upload(user=user, **given)


@pytest.mark.parametrize("size_bytes", [1, UPLOAD_MAX_BYTES])
def test_upload_when_announced_has_a_row_and_a_place(uploader, size_bytes):
    upload, target = begin(uploader, size_bytes=size_bytes)
    row = Upload.objects.get()
    assert (row.id, row.user, row.filename) == (upload.id, uploader, "robot.zip")
    assert (row.size_bytes, row.sha256) == (size_bytes, SHA256)
    link = read_upload(target.url.rpartition("/")[2])
    assert (link.key, link.size_bytes) == (f"uploads/sha256-{SHA256}.zip", size_bytes)
    assert (link.sha256, target.method) == (SHA256, "PUT")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"filename": "robot.tar"}, id="no zip"),
        pytest.param({"filename": ""}, id="no name"),
        pytest.param({"filename": "../robot.zip"}, id="leaves its folder"),
        pytest.param({"filename": "a/robot.zip"}, id="in a folder"),
        pytest.param({"filename": "a\\robot.zip"}, id="backslash"),
        pytest.param({"filename": "a\nb.zip"}, id="line break"),
        pytest.param({"filename": "x" * 252 + ".zip"}, id="long name"),
        pytest.param({"size_bytes": 0}, id="nothing"),
        pytest.param({"size_bytes": -1}, id="less than nothing"),
        pytest.param({"sha256": "AB" * 32}, id="upper case"),
        pytest.param({"sha256": "ab" * 20}, id="SHA-1"),
        pytest.param({"sha256": "gg" * 32}, id="no digits"),
        pytest.param({"sha256": SHA256 + "\n"}, id="line break at the end"),
    ],
)
def test_upload_when_malformed_is_refused(uploader, changes):
    with pytest.raises(InvalidRequest):
        begin(uploader, **changes)
    assert not Upload.objects.exists()


def test_upload_when_too_large_is_refused(uploader):
    with pytest.raises(ContentTooLarge):
        begin(uploader, size_bytes=UPLOAD_MAX_BYTES + 1)
    assert not Upload.objects.exists()
