"""UploadBegin: `POST /uploads`."""

import pytest

from artifacts.limits import UPLOAD_MAX_BYTES
from artifacts.models import Upload
from tests.clients import ApiClient, message_of, user_with
from tests.functional.api.uploading import digest, make_zip, put

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


def send(api, data: bytes) -> str:
    """Announce a zip at once and send it; its id."""
    body = {"filename": "robot.zip", "size_bytes": len(data), "sha256": digest(data)}
    target = api.post("/uploads", body).json()
    assert put(api, target, data).status_code == 201
    return target["id"]


def register(api, upload_id: str, artifact_id: str = ""):
    url = f"upload://{upload_id}"
    if artifact_id:
        body = {
            "metadata": {"id": artifact_id, "name": "robot", "type": "code"},
            "data": {"url": url},
        }
        return api.put(f"/artifacts/code/{artifact_id}", body)
    return api.post("/artifact/code", {"url": url})


def test_upload_when_its_digest_is_announced_by_another_then_that_gives_no_bytes(api, settings):
    settings.REGISTRY_TASKS = "worker"
    data, other = make_zip(), ApiClient(user_with("upload"))
    mine = send(api, data)
    body = {"filename": "robot.zip", "size_bytes": len(data), "sha256": digest(data)}
    theirs = other.post("/uploads", body).json()["id"]
    answer = register(other, theirs)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "upload_not_found")
    assert register(api, mine).status_code == 201


@pytest.mark.parametrize("is_replacement", [False, True])
def test_upload_when_registered_by_another_then_404_and_an_administrator_may(
    api, admin_api, settings, is_replacement
):
    settings.REGISTRY_TASKS = "worker"
    other, artifact_id = ApiClient(user_with("upload")), ""
    if is_replacement:
        artifact_id = register(api, send(api, make_zip())).json()["metadata"]["id"]
    mine = send(api, make_zip("coffee"))
    answer = register(other, mine, artifact_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "upload_not_found")
    assert register(admin_api, mine, artifact_id).status_code in (200, 201)
