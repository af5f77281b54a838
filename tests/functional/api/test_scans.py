"""GET /artifact/{type}/{id}/scans, the same on the artifact's page, and what staff allows."""

import hashlib

import pytest

from artifacts.enums import Part
from artifacts.models import AllowedGlobal, Blob, File, Revision, Task
from artifacts.rules.digest import Sha256
from artifacts.services.trust.scans import scan_revision
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.unit.rules.scanning.pickling import calling

pytestmark = pytest.mark.django_db

FILES = {"weights.pkl": calling("acme.models", "Model"), "README.md": b"# robot"}


@pytest.fixture
def artifact(settings):
    """One with a suspicious file."""
    settings.REGISTRY_SCAN = "record"
    made = make_artifact()
    revision = made.current_revision
    revision.files.all().delete()
    for path, data in FILES.items():
        sha256 = Sha256(hashlib.sha256(data).hexdigest())
        get_store().create(blob_key(sha256), data, "application/octet-stream")
        blob = Blob.objects.create(sha256=sha256, size_bytes=len(data))
        File.objects.create(
            revision=revision, path=path, part=Part.WEIGHTS, size_bytes=len(data), blob=blob
        )
    Revision.objects.filter(pk=revision.pk).update(content_state="stored")
    return made


def path(artifact) -> str:
    return f"/artifact/model/{artifact.id}/scans"


def test_scans_when_nothing_is_scanned_then_says_so(admin_api, artifact):
    body = admin_api.get(path(artifact)).json()
    assert "verdict" not in body
    assert "not ended" in body["why_not"]


def test_scans_when_something_was_found_then_each_file_is_named(admin_api, artifact):
    scan_revision(revision_id=artifact.current_revision_id)
    body = admin_api.get(path(artifact)).json()
    assert (body["verdict"], body["counts"]) == ("suspicious", {"clean": 1, "suspicious": 1})
    (file,) = body["files"]
    assert (file["path"], file["verdict"]) == ("weights.pkl", "suspicious")
    assert file["findings"][0]["name"] == "acme.models.Model"


def test_scans_when_there_is_no_such_artifact_then_404(admin_api):
    assert admin_api.get("/artifact/model/nothing/scans").status_code == 404


def test_scans_when_the_type_is_unknown_then_400(admin_api):
    assert admin_api.get("/artifact/robot/x-1/scans").status_code == 400


def test_scans_when_nobody_asks_then_403(anonymous, artifact):
    assert anonymous.get(path(artifact)).status_code == 403


def test_page_when_something_was_found_then_the_tab_tells_what_to_do(client, artifact, uploader):
    scan_revision(revision_id=artifact.current_revision_id)
    client.force_login(uploader)
    shown = client.get(f"/a/{artifact.id}", {"tab": "scans"}, follow=True).content.decode()
    assert "Suspicious" in shown
    assert "acme.models.Model" in shown
    assert "have somebody look" in shown
    assert "Allow acme" not in shown


def test_staff_when_a_global_is_allowed_on_the_page_then_through_the_service(
    client, artifact, administrator, settings
):
    settings.REGISTRY_TASKS = "worker"
    scan_revision(revision_id=artifact.current_revision_id)
    client.force_login(administrator)
    shown = client.get(f"/a/{artifact.id}", {"tab": "scans"}).content.decode()
    assert "Allow acme.models.Model" in shown
    add = "/admin/artifacts/allowedglobal/add/"
    asked = {"name": "acme.models.Model", "artifact": artifact.id}
    assert "acme.models.Model" in client.get(add, asked).content.decode()
    done = client.post(add, asked | {"reason": "Ours."}, follow=True)
    assert done.status_code == 200
    allowed = AllowedGlobal.objects.get()
    assert (allowed.artifact_id, allowed.created_by) == (artifact.id, administrator.username)
    assert Task.objects.filter(name="judge_scans").exists()
    client.post(f"/admin/artifacts/allowedglobal/{allowed.pk}/delete/", {"post": "yes"})
    assert not AllowedGlobal.objects.exists()
    assert client.get("/admin/artifacts/revisionscan/").status_code == 200
