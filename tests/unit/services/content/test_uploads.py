from typing import Any

import pytest

from artifacts.exceptions import ContentTooLarge, InvalidRequest
from artifacts.limits import UPLOAD_AT_ONCE_MAX_BYTES, UPLOAD_MAX_BYTES, UPLOAD_PART_BYTES
from artifacts.models import Upload
from artifacts.services.content.uploads import begin_upload
from artifacts.storage.keys import incoming_upload_key
from artifacts.storage.links import read_upload
from artifacts.storage.store import get_store

SHA256 = "ab" * 32


def begin(user, **changes):
    given: dict[str, Any] = {"filename": "robot.zip", "size_bytes": 5, "sha256": SHA256} | changes
    return begin_upload(user=user, **given)


@pytest.mark.parametrize("size_bytes", [1, UPLOAD_AT_ONCE_MAX_BYTES])
def test_upload_when_announced_has_a_row_and_a_place(uploader, size_bytes):
    upload, target = begin(uploader, size_bytes=size_bytes)
    row = Upload.objects.get()
    assert (row.id, row.user, row.filename) == (upload.id, uploader, "robot.zip")
    assert (row.size_bytes, row.sha256) == (size_bytes, SHA256)
    link = read_upload(target.url.rpartition("/")[2])
    assert (link.key, link.size_bytes) == (f"uploads/{upload.id}.zip", size_bytes)
    assert (link.sha256, target.method) == (SHA256, "PUT")


@pytest.mark.parametrize(
    ("changes", "part_count"),
    [
        pytest.param({"size_bytes": UPLOAD_AT_ONCE_MAX_BYTES + 1}, 7, id="large"),
        pytest.param({"size_bytes": UPLOAD_MAX_BYTES}, 1_250, id="the largest"),
        pytest.param({"size_bytes": UPLOAD_PART_BYTES, "in_parts": True}, 1, id="asked for"),
        pytest.param({"size_bytes": UPLOAD_PART_BYTES + 1, "in_parts": True}, 2, id="a byte more"),
        pytest.param({"in_parts": True, "sha256": ""}, 1, id="digest left out"),
    ],
)
def test_upload_when_in_parts_is_begun_in_the_store(uploader, changes, part_count):
    upload, target = begin(uploader, **changes)
    assert target is None
    row = Upload.objects.get()
    assert (row.part_count, row.part_size_bytes) == (part_count, UPLOAD_PART_BYTES)
    assert [(each.key, each.upload_id) for each in get_store().parts.list_begun()] == [
        (incoming_upload_key(upload.id), row.parts_id)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"sha256": ""}, id="at once and without digest"),
        pytest.param({"sha256": "x", "in_parts": True}, id="in parts with a broken digest"),
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
    assert list(get_store().parts.list_begun()) == []


def test_upload_when_too_large_is_refused(uploader):
    with pytest.raises(ContentTooLarge):
        begin(uploader, size_bytes=UPLOAD_MAX_BYTES + 1)
    assert not Upload.objects.exists()
