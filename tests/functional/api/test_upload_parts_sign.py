"""UploadPartsSign: `POST /uploads/{upload_id}/parts`, and sending to where it says."""

import pytest

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import UPLOAD_PARTS_SIGNED_MAX
from artifacts.models import Upload
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
    put,
    send_all,
    send_part,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_parts")]
DATA = make_zip()
PIECES = pieces_of(DATA)
PART = {"number": 1, "sha256": digest(PIECES[0])}


def test_zip_when_it_is_divided_then_has_three_parts():
    assert len(PIECES) == 3
    assert len(PIECES[-1]) < PART_BYTES


def test_parts_when_asked_for_then_each_has_its_address(api):
    upload_id = announce(api, DATA)
    wanted = [{"number": n, "sha256": digest(PIECES[n - 1])} for n in (3, 1)]
    answer = api.post(f"/uploads/{upload_id}/parts", {"parts": wanted})
    assert answer.status_code == 200
    parts = answer.json()["parts"]
    assert [part["number"] for part in parts] == [3, 1]
    assert {part["method"] for part in parts} == {"PUT"}
    assert all("/uploads/content/parts/" in part["upload_url"] for part in parts)
    assert put(api, parts[0], PIECES[2]).status_code == 201
    assert put(api, parts[1], PIECES[0]).status_code == 201


def test_parts_when_an_administrator_asks_then_signed(api, admin_api):
    assert send_part(admin_api, announce(api, DATA), 1, PIECES[0]).status_code == 201


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="none"),
        pytest.param([PART] * (UPLOAD_PARTS_SIGNED_MAX + 1), id="too many"),
        pytest.param([PART | {"number": 0}], id="part 0"),
        pytest.param([PART | {"number": 4}], id="past the last"),
        pytest.param([PART | {"number": "1"}], id="a text for a number"),
        pytest.param([PART | {"sha256": "AB" * 32}], id="digest in upper case"),
        pytest.param([{"number": 1}], id="no digest"),
        pytest.param("all", id="no list"),
    ],
)
def test_parts_when_malformed_then_400_and_why(api, parts):
    answer = api.post(f"/uploads/{announce(api, DATA)}/parts", {"parts": parts})
    assert answer.status_code == 400
    assert message_of(answer)


def test_parts_when_the_id_is_none_then_400(api):
    answer = api.post("/uploads/none/parts", {"parts": [PART]})
    assert (answer.status_code, "POST /uploads" in message_of(answer)) == (400, True)


def test_parts_when_the_upload_is_somebody_elses_then_404_as_if_it_were_not_there(api):
    upload_id, other = announce(api, DATA), ApiClient(user_with("upload"))
    answers = [
        message_of(other.post(f"/uploads/{each}/parts", {"parts": [PART]})).replace(each, "")
        for each in (upload_id, UNKNOWN)
    ]
    assert answers[0] == answers[1]
    assert "no upload" in answers[0]


def test_parts_when_nothing_was_announced_then_404(api):
    assert api.post(f"/uploads/{UNKNOWN}/parts", {"parts": [PART]}).status_code == 404


def test_parts_when_the_zip_is_sent_at_once_then_409_and_how_to_send_parts(api):
    upload_id = announce(api, DATA, in_parts=False, sha256=digest(DATA))
    answer = api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]})
    assert (answer.status_code, "in_parts" in message_of(answer)) == (409, True)


def test_parts_when_they_are_joined_then_409(api):
    upload_id = send_all(api, DATA)
    assert complete(api, upload_id, DATA).status_code == 202
    answer = api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]})
    assert (answer.status_code, "no more parts" in message_of(answer)) == (409, True)


def test_parts_when_the_bucket_is_away_then_503(api, monkeypatch):
    upload_id = announce(api, DATA)

    def refuse(*_args, **_options):
        raise StorageUnavailable("The bucket does not answer. Try again later.")

    monkeypatch.setattr(LocalParts, "target", refuse)
    assert api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]}).status_code == 503


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(PIECES[0] + b"x", 413, id="more"),
        pytest.param(PIECES[0][:-1], 400, id="less"),
        pytest.param(PIECES[0][:-1] + b"?", 400, id="other bytes"),
    ],
)
def test_part_when_other_bytes_are_sent_then_refused_and_the_one_before_stays(api, data, status):
    upload_id = announce(api, DATA)
    signed = api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]}).json()["parts"][0]
    assert put(api, signed, PIECES[0]).status_code == 201
    answer = put(api, signed, data)
    assert answer.status_code == status
    assert message_of(answer)
    upload = Upload.objects.get()
    (kept,) = get_store().parts.list("", upload.parts_id)
    assert kept.sha256 == PART["sha256"]


def test_part_when_the_upload_is_aborted_then_404(api):
    upload_id = announce(api, DATA)
    signed = api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]}).json()["parts"][0]
    assert api.delete(f"/uploads/{upload_id}").status_code == 200
    assert put(api, signed, PIECES[0]).status_code == 404
    assert put(api, signed | {"method": "GET"}, b"").status_code == 405


def test_part_when_the_registry_keeps_its_files_elsewhere_now_then_404(api, monkeypatch):
    upload_id = announce(api, DATA)
    signed = api.post(f"/uploads/{upload_id}/parts", {"parts": [PART]}).json()["parts"][0]
    monkeypatch.setattr(get_store(), "parts", object())
    answer = put(api, signed, PIECES[0])
    assert (answer.status_code, "expired" in message_of(answer)) == (404, True)
