"""UploadBegin: `POST /uploads`."""

import pytest

from artifacts.limits import UPLOAD_MAX_BYTES
from artifacts.models import Upload
from tests.clients import message_of

pytestmark = pytest.mark.django_db
ANNOUNCED = {"filename": "robot.zip", "size_bytes": 5, "sha256": "ab" * 32}


def test_upload_when_announced_then_201_with_where_to_send_it_and_what_to_register(api):
    answer = api.post("/uploads", ANNOUNCED)
    assert answer.status_code == 201
    body = answer.json()
    upload = Upload.objects.get()
    assert str(upload.pk) in body["url"]
    assert body["method"] == "PUT"
    assert body["upload_url"].startswith("http://testserver/uploads/content/")
    assert isinstance(body["headers"], dict)
    assert (upload.user.username, upload.size_bytes) == ("ursula", 5)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"size_bytes": 0}, 400), ({"size_bytes": -1}, 400), ({"size_bytes": "5"}, 400),
        ({"sha256": "x"}, 400), ({"sha256": None}, 400), ({"filename": 5}, 400),
        ({"size_bytes": UPLOAD_MAX_BYTES + 1}, 413), ({"size_bytes": 10**18}, 413),
        ({"size_bytes": 10**400}, 400),
    ],
)  # fmt: skip
def test_upload_when_malformed_or_too_large_then_refused_and_nothing_waits(api, change, status):
    answer = api.post("/uploads", ANNOUNCED | change)
    assert answer.status_code == status
    assert message_of(answer)
    assert not Upload.objects.exists()
