"""UploadRetrieve and UploadAbort: `GET` and `DELETE /uploads/{upload_id}`."""

import pytest

from artifacts.exceptions import StorageUnavailable
from artifacts.models import Upload
from artifacts.storage.keys import upload_key
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store
from tests.clients import ApiClient, user_with
from tests.functional.api.uploading import (
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
DATA = make_zip()
METHODS = ("GET", "DELETE")


def test_upload_when_some_parts_arrived_then_says_which(api):
    upload_id = announce(api, DATA)
    send_part(api, upload_id, 3, pieces_of(DATA)[2])
    answer = api.get(f"/uploads/{upload_id}")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["sha256"], body["part_count"]) == ("open", "", 3)
    last = pieces_of(DATA)[2]
    assert body["parts"] == [{"number": 3, "size_bytes": len(last), "sha256": digest(last)}]


def test_upload_when_sent_at_once_then_has_no_parts(api):
    body = api.get(f"/uploads/{announce(api, DATA, in_parts=False, sha256=digest(DATA))}").json()
    assert (body["state"], body["parts"]) == ("open", [])
    assert "part_count" not in body


@pytest.mark.parametrize("is_complete", [False, True])
def test_upload_when_aborted_then_nothing_is_left_of_it(api, is_complete, settings):
    settings.REGISTRY_TASKS = "worker"
    upload_id = send_all(api, DATA)
    if is_complete:
        complete(api, upload_id, DATA)
    answer = api.delete(f"/uploads/{upload_id}")
    assert (answer.status_code, answer.json()) == (200, {"deleted": upload_id})
    assert not Upload.objects.exists()
    assert list(get_store().parts.list_begun()) == []
    assert list(get_store().list("")) == []
    assert api.delete(f"/uploads/{upload_id}").status_code == 404


@pytest.mark.parametrize("is_registered", [False, True])
def test_upload_when_sent_at_once_and_aborted_then_only_what_is_to_be_fetched_stays(
    api, is_registered, settings
):
    settings.REGISTRY_TASKS = "worker"
    upload_id = announce(api, DATA, in_parts=False, sha256=digest(DATA))
    get_store().create(upload_key(upload_id), DATA, "application/zip")
    if is_registered:
        answer = api.post("/artifact/model", {"url": f"upload://{upload_id}"})
        assert answer.status_code == 201
    assert api.delete(f"/uploads/{upload_id}").status_code == 200
    kept = [found.key for found in get_store().list("uploads/")]
    assert kept == ([upload_key(upload_id)] if is_registered else [])


@pytest.mark.parametrize("method", METHODS)
def test_upload_when_the_id_is_none_then_400(api, method):
    assert api.send(method, "/uploads/none").status_code == 400


@pytest.mark.parametrize("method", METHODS)
def test_upload_when_somebody_elses_then_404_and_an_administrator_may(api, admin_api, method):
    path = f"/uploads/{announce(api, DATA)}"
    assert ApiClient(user_with("upload")).send(method, path).status_code == 404
    assert admin_api.send(method, path).status_code == 200


@pytest.mark.parametrize("method", METHODS)
def test_upload_when_never_announced_then_404(api, method):
    assert api.send(method, f"/uploads/{UNKNOWN}").status_code == 404


def test_upload_when_its_parts_were_cleared_away_then_404(api):
    upload_id = announce(api, DATA)
    get_store().parts.abort("", Upload.objects.get().parts_id)
    assert api.get(f"/uploads/{upload_id}").status_code == 404


@pytest.mark.parametrize(("method", "call"), [("GET", "list"), ("DELETE", "abort")])
def test_upload_when_the_bucket_is_away_then_503(api, monkeypatch, method, call):
    upload_id = announce(api, DATA)

    def refuse(*_args, **_options):
        raise StorageUnavailable("The bucket does not answer. Try again later.")

    monkeypatch.setattr(LocalParts, call, refuse)
    assert api.send(method, f"/uploads/{upload_id}").status_code == 503
