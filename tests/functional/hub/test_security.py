"""What scans found, in the fields that the Hub's clients read.

Source: huggingface_hub, `hf_api.py`, RepoFile and BlobSecurityInfo, ModelInfo.security_repo_status.
"""

import pytest

from artifacts.enums import Part
from artifacts.models import Blob, File, Revision
from artifacts.services.trust.scans import scan_revision
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.factories.repositories import make_repository, sha256_of
from tests.unit.rules.scanning.pickling import calling

pytestmark = pytest.mark.django_db

INFO = "/api/models/acme/robot"
EVIL = calling("os", "system")


@pytest.fixture
def revision(settings) -> Revision:
    """One whose weights are dangerous, and which is not quarantined for it."""
    settings.REGISTRY_SCAN = "record"
    make_repository()
    made = Revision.objects.get()
    sha256 = sha256_of(EVIL)
    get_store().create(blob_key(sha256), EVIL, "application/octet-stream")
    blob = Blob.objects.create(sha256=sha256, size_bytes=len(EVIL))
    File.objects.create(
        revision=made, path="weights.pkl", part=Part.WEIGHTS, size_bytes=9, blob=blob
    )
    Revision.objects.update(content_state="stored")
    return made


def security(hub) -> dict:
    entries = hub.get(f"{INFO}/tree/main?expand=true").json()
    return {each["path"]: each.get("securityFileStatus") for each in entries}


def test_tree_when_expanded_then_each_file_has_its_status(hub, revision):
    assert security(hub)["weights.pkl"]["status"] == "unscanned"
    scan_revision(revision_id=revision.pk)
    found = security(hub)
    assert found["weights.pkl"]["status"] == "unsafe"
    assert found["weights.pkl"]["avScan"] is None
    assert found["weights.pkl"]["pickleImportScan"]["pickleImports"] == [
        {"module": "os", "name": "system", "safety": "dangerous"}
    ]
    assert found["README.md"]["status"] == "safe"
    assert found["onnx"] is None


def test_info_when_asked_for_security_then_files_with_issues(hub, revision):
    assert "securityRepoStatus" not in hub.get(INFO).json()
    before = hub.get(f"{INFO}?securityStatus=true").json()["securityRepoStatus"]
    assert before == {"scansDone": False, "filesWithIssues": []}
    scan_revision(revision_id=revision.pk)
    found = hub.get(f"{INFO}?securityStatus=true").json()["securityRepoStatus"]
    assert found["scansDone"] is True
    assert {"path": "weights.pkl", "level": "unsafe"} in found["filesWithIssues"]
