"""UploadComplete: `POST /uploads/{upload_id}/complete`, and what follows it."""

from uuid import UUID

import pytest

from artifacts.exceptions import StorageUnavailable
from artifacts.models import Artifact, Task, Upload
from artifacts.services.content.uploads import complete_upload
from artifacts.storage.keys import upload_key
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store
from tests.clients import ApiClient, message_of, user_with
from tests.functional.api.uploading import (
    PART_BYTES,
    UNKNOWN,
    announce,
    complete,
    digest,
    make_zip,
    pieces_of,
    send_all,
    send_part,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_parts")]
# Tasks are done once their rows are committed.
committing = pytest.mark.django_db(transaction=True)
DATA = make_zip()
SHA256 = digest(DATA)


def register(api, upload_id):
    return api.post("/artifact/model", {"url": f"upload://{upload_id}"})


@committing
@pytest.mark.parametrize("stated", [{}, {"sha256": SHA256}], ids=["no digest", "digest"])
def test_upload_when_all_parts_are_there_then_202_checked_and_registered(api, stated):
    upload_id = send_all(api, DATA, **stated)
    answer = complete(api, upload_id, DATA)
    assert answer.status_code == 202
    assert answer.json() | {"created": ""} == {
        "id": upload_id, "url": f"upload://{upload_id}", "filename": "robot.zip",
        "size_bytes": len(DATA), "sha256": SHA256, "state": "checked", "reason": "",
        "part_size_bytes": PART_BYTES, "part_count": 3, "parts": [], "created": "",
    }  # fmt: skip
    assert [found.key for found in get_store().list("")] == [upload_key(upload_id)]
    assert register(api, upload_id).status_code == 201
    assert Artifact.objects.get().source_key == f"upload:sha256/{SHA256}"


def test_upload_when_completed_again_then_the_same_answer_and_one_task(api, settings):
    settings.REGISTRY_TASKS = "worker"
    upload_id = send_all(api, DATA)
    answers = [complete(api, upload_id, DATA) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert {answer.json()["state"] for answer in answers} == {"checking"}
    assert Task.objects.filter(name="check_upload").count() == 1


def test_upload_when_completed_twice_at_once_then_one_task(api, uploader, settings, monkeypatch):
    settings.REGISTRY_TASKS = "worker"
    upload_id = send_all(api, DATA)
    digests = [digest(piece) for piece in pieces_of(DATA)]
    real = LocalParts.join

    def join(*given):
        monkeypatch.setattr(LocalParts, "join", real)
        real(*given)
        # The other call, a moment later, is done sooner.
        complete_upload(user=uploader, upload_id=UUID(upload_id), digests=digests)

    monkeypatch.setattr(LocalParts, "join", join)
    assert complete(api, upload_id, DATA).status_code == 202
    assert Task.objects.filter(name="check_upload").count() == 1


@committing
def test_upload_when_the_digest_is_another_than_announced_then_refused_and_removed(api):
    upload_id = send_all(api, DATA, sha256="ab" * 32)
    body = complete(api, upload_id, DATA).json()
    assert (body["state"], SHA256 in body["reason"]) == ("refused", True)
    assert list(get_store().list("")) == []
    answer = register(api, upload_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "upload_refused")
    assert SHA256 in message_of(answer)


def test_upload_when_registered_before_it_is_complete_then_409_and_what_to_do(api):
    answer = register(api, announce(api, DATA))
    assert (answer.status_code, "/complete" in message_of(answer)) == (409, True)


def test_upload_when_registered_while_it_is_checked_then_503_and_when_to_ask_again(api, settings):
    settings.REGISTRY_TASKS = "worker"
    upload_id = send_all(api, DATA)
    complete(api, upload_id, DATA)
    answer = register(api, upload_id)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "checked" in message_of(answer)
    assert not Artifact.objects.exists()


def test_upload_when_a_part_is_missing_then_400_and_how_to_find_out(api):
    upload_id = announce(api, DATA)
    send_part(api, upload_id, 1, pieces_of(DATA)[0])
    answer = complete(api, upload_id, DATA)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "parts_mismatch")
    assert Upload.objects.get().state == "open"


@pytest.mark.parametrize(
    ("digests", "reason"),
    [
        pytest.param([SHA256], "each of the 3 parts", id="too few"),
        pytest.param([SHA256] * 4, "each of the 3 parts", id="too many"),
        pytest.param(["x"] * 3, "hexadecimal", id="no digests"),
        pytest.param("all", "list", id="no list"),
        pytest.param([SHA256] * 3, "another", id="others"),
    ],
)
def test_upload_when_other_digests_are_named_then_400_and_why(api, digests, reason):
    upload_id = send_all(api, DATA)
    answer = api.post(f"/uploads/{upload_id}/complete", {"sha256": digests})
    assert (answer.status_code, reason in message_of(answer)) == (400, True)
    assert complete(api, upload_id, DATA).status_code == 202


def test_upload_when_the_id_is_none_then_400(api):
    assert api.post("/uploads/none/complete", {"sha256": []}).status_code == 400


def test_upload_when_somebody_elses_then_404_and_an_administrator_may(api, admin_api):
    upload_id = send_all(api, DATA)
    assert complete(ApiClient(user_with("upload")), upload_id, DATA).status_code == 404
    assert complete(admin_api, upload_id, DATA).status_code == 202


@pytest.mark.parametrize("is_announced", [False, True], ids=["never announced", "parts gone"])
def test_upload_when_it_is_not_there_then_404(api, is_announced):
    upload_id = send_all(api, DATA) if is_announced else UNKNOWN
    for begun in get_store().parts.list_begun():
        get_store().parts.abort(begun.key, begun.upload_id)
    assert complete(api, upload_id, DATA).status_code == 404


def test_upload_when_sent_at_once_then_409(api):
    upload_id = announce(api, DATA, in_parts=False, sha256=SHA256)
    assert complete(api, upload_id, DATA).status_code == 409


def test_upload_when_the_bucket_is_away_then_503_and_it_can_be_asked_again(api, monkeypatch):
    upload_id = send_all(api, DATA)

    def refuse(*_args, **_options):
        raise StorageUnavailable("The bucket does not answer. Try again later.")

    with monkeypatch.context() as patch:
        patch.setattr(LocalParts, "join", refuse)
        assert complete(api, upload_id, DATA).status_code == 503
    assert complete(api, upload_id, DATA).status_code == 202
