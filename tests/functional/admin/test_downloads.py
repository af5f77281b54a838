"""Downloads from the staff site."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from artifacts.enums import ContentState
from artifacts.models import AuditEntry, Blob, File, Revision
from artifacts.rules.digest import Sha256
from artifacts.services.content.bundles import build_bundle
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.functional.admin.pages import page

pytestmark = pytest.mark.django_db
DATA = b"# robot\n"
SHA256 = Sha256(hashlib.sha256(DATA).hexdigest())


@pytest.fixture
def artifact():
    """An artifact whose only file, its card, is kept, with the zip of everything."""
    made = make_artifact()
    get_store().create(blob_key(SHA256), DATA, "application/octet-stream")
    blob = Blob.objects.create(sha256=SHA256, size_bytes=len(DATA))
    made.current_revision.files.update(blob=blob, size_bytes=len(DATA))
    Revision.objects.update(content_state=ContentState.STORED)
    build_bundle(artifact_id=made.id, revision=1, part="full")
    made.refresh_from_db()
    return made


def bytes_behind(answer) -> bytes:
    """Follow a redirect to a signed address."""
    assert answer.status_code == 302
    assert answer["Location"].startswith("/content/")
    assert "no-store" in answer["Cache-Control"]
    given: Any = Client().get(answer["Location"])
    return b"".join(given.streaming_content)


def test_artifact_page_when_the_bytes_are_kept_then_links_to_whole_part_and_file(staff, artifact):
    shown = page(staff, "artifacts_artifact_change", artifact.id)
    for part in ("full", "card"):
        address = reverse("admin:artifacts_artifact_download", args=[artifact.id, part])
        assert f'href="{address}"' in shown
    assert "/download/weights/" not in shown
    file = File.objects.get()
    assert f'href="{reverse("admin:artifacts_file_download", args=[file.pk])}"' in shown


def test_artifact_page_when_the_bytes_are_not_kept_then_links_to_none(staff):
    artifact = make_artifact()
    shown = page(staff, "artifacts_artifact_change", artifact.id)
    assert "/download/" not in shown


def test_bundle_when_asked_for_then_redirected_to_the_bytes_and_audited(staff, artifact):
    address = reverse("admin:artifacts_artifact_download", args=[artifact.id, "full"])
    assert bytes_behind(staff.get(address))[:2] == b"PK"
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name, entry.note) == ("DOWNLOAD", "ada", "")


def test_file_when_asked_for_then_redirected_to_the_bytes_and_audited(staff, artifact):
    address = reverse("admin:artifacts_file_download", args=[File.objects.get().pk])
    assert bytes_behind(staff.get(address)) == DATA
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name, entry.note) == ("DOWNLOAD", "ada", "file=README.md")


def test_bundle_when_there_is_no_such_part_then_the_reason_is_shown(staff, artifact):
    address = reverse("admin:artifacts_artifact_download", args=[artifact.id, "weights"])
    answer = staff.get(address, follow=True)
    assert "no 'weights' part" in str(next(iter(answer.context["messages"])))


def test_file_when_its_bytes_are_not_here_then_the_reason_is_shown(staff):
    make_artifact()
    address = reverse("admin:artifacts_file_download", args=[File.objects.get().pk])
    answer = staff.get(address, follow=True)
    assert "does not hold the bytes" in str(next(iter(answer.context["messages"])))
    assert not AuditEntry.objects.filter(action="DOWNLOAD").exists()


@pytest.mark.parametrize("kind", ["artifact", "file"])
def test_download_when_there_is_no_such_row_then_404(staff, kind):
    args = ["model-9-9", "full"] if kind == "artifact" else [999]
    assert staff.get(reverse(f"admin:artifacts_{kind}_download", args=args)).status_code == 404


@pytest.mark.parametrize("kind", ["artifact", "file"])
def test_download_when_not_an_administrator_then_asks_to_sign_in(uploader, artifact, kind):
    client = Client()
    client.force_login(uploader)
    args = [artifact.id, "full"] if kind == "artifact" else [File.objects.get().pk]
    answer = client.get(reverse(f"admin:artifacts_{kind}_download", args=args))
    assert "login" in answer["Location"]
    assert not AuditEntry.objects.filter(action="DOWNLOAD").exists()
