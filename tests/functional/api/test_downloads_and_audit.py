"""Downloads, the trail, and what is routed but not built yet."""

import pytest

from artifacts.exceptions import ContentPending
from artifacts.models import AuditEntry
from artifacts.services.content.downloads import Download
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_download_when_kept_then_a_redirect_that_nobody_caches(api, monkeypatch):
    artifact = make_artifact()
    calls = []

    def get_download(**given):
        calls.append(given)
        return Download("/content/signed", "robot.zip")

    monkeypatch.setattr("artifacts.services.content.downloads.get_download", get_download)
    answer = api.get(f"/artifacts/model/{artifact.id}/download?part=weights")
    assert answer.status_code == 302
    assert answer["Location"] == "http://testserver/content/signed"
    assert answer["Cache-Control"] == "private, no-store"
    assert calls[0]["part"] == "weights"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_download_when_asked_for_then_the_link_is_signed_for_that_method(api, monkeypatch, method):
    signed_for = []

    def get_download(**given):
        signed_for.append(given["method"])
        return Download("/content/signed", "robot.zip")

    monkeypatch.setattr("artifacts.services.content.downloads.get_download", get_download)
    assert api.send(method, "/artifacts/model/model-1-1/download").status_code == 302
    assert signed_for == [method]


def test_download_when_on_its_way_then_503_and_when_to_come_back(api, monkeypatch):
    def get_download(**_given):
        raise ContentPending("Still being fetched.", retry_after_s=3)

    monkeypatch.setattr("artifacts.services.content.downloads.get_download", get_download)
    answer = api.get("/artifacts/model/model-1-1/download")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")


def test_download_when_the_part_is_unknown_then_400(api):
    artifact = make_artifact()
    answer = api.get(f"/artifacts/model/{artifact.id}/download?part=everything")
    assert answer.status_code == 400


def test_audit_when_read_then_an_entry_itself(api):
    artifact = make_artifact()
    AuditEntry.objects.filter(artifact_id=artifact.id).update(note="x")
    first = api.get(f"/artifact/model/{artifact.id}/audit").json()
    second = api.get(f"/artifact/model/{artifact.id}/audit").json()
    assert [entry["action"] for entry in first] == ["CREATE", "AUDIT"]
    assert [entry["action"] for entry in second] == ["CREATE", "AUDIT", "AUDIT"]
    assert second[-1]["user"] == {"name": "ursula", "is_admin": False}
    assert second[-1]["artifact"] == {"name": "robot", "id": artifact.id, "type": "model"}
    assert second[-1]["date"].endswith("Z")
