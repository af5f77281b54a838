"""What the audit trail keeps of a download file by file."""

import pytest

from artifacts.enums import AuditAction
from artifacts.models import AuditEntry, DownloadTally
from tests.clients import HubClient
from tests.factories.repositories import (
    CONFIG,
    OLD_COMMIT,
    WEIGHTS,
    add_revision,
    make_repository,
)

pytestmark = pytest.mark.django_db
CONFIG_PATH = "/acme/robot/resolve/main/config.json"
WEIGHTS_PATH = "/acme/robot/resolve/main/onnx/model.safetensors"


@pytest.mark.parametrize(
    ("asked", "files", "size_bytes"),
    [
        ("", 1, len(WEIGHTS)),
        ("bytes=0-", 1, len(WEIGHTS)),
        ("bytes=0-0", 0, 1),
        ("bytes=1000-", 0, len(WEIGHTS) - 1000),
        ("bytes=-24", 0, 24),
        (f"bytes=0-{10**15}", 1, len(WEIGHTS)),
        ("bytes=5000-", 0, 0),
    ],
)
def test_get_when_a_part_is_asked_for_then_counted_as_such(hub, asked, files, size_bytes):
    make_repository()
    answer = hub.get(WEIGHTS_PATH, **({"Range": asked} if asked else {}))
    assert answer.status_code in ((206, 302) if asked else (200,))
    tally = DownloadTally.objects.get()
    assert (tally.files, tally.size_bytes) == (files, size_bytes)


def test_snapshot_when_fetched_then_one_entry_with_files_and_bytes(hub, api, client):
    artifact = make_repository()
    for path in (CONFIG_PATH, WEIGHTS_PATH, "/acme/robot/resolve/main/README.md"):
        hub.head(path)
        hub.get(path)
    entry = AuditEntry.objects.get(action=AuditAction.DOWNLOAD)
    assert (entry.user_name, entry.artifact_id) == ("ursula", artifact.id)
    tally = DownloadTally.objects.get()
    size_bytes = len(CONFIG) + len(WEIGHTS) + len(b"# Robot\n")
    assert (tally.entry, tally.files, tally.size_bytes) == (entry, 3, size_bytes)
    trail = api.get(f"/artifact/model/{artifact.id}/audit").json()
    assert trail[0]["action"] == "DOWNLOAD"
    assert trail[0]["fetched"] == {"files": 3, "size_bytes": size_bytes}
    assert "fetched" not in trail[1]


def test_download_when_by_others_or_of_another_revision_or_later_then_an_entry_of_its_own(
    hub, administrator, monkeypatch
):
    artifact = make_repository()
    add_revision(artifact, {"config.json": b"{}"}, 2, commit=OLD_COMMIT)
    now_s = 1_800_000_000
    monkeypatch.setattr("artifacts.services.hub.downloads.time.time", lambda: now_s)
    hub.get(CONFIG_PATH)
    HubClient(administrator).get(CONFIG_PATH)
    hub.get(CONFIG_PATH.replace("main", OLD_COMMIT))
    assert AuditEntry.objects.count() == 3
    monkeypatch.setattr("artifacts.services.hub.downloads.time.time", lambda: now_s + 599)
    hub.get(WEIGHTS_PATH)
    assert AuditEntry.objects.count() == 3
    monkeypatch.setattr("artifacts.services.hub.downloads.time.time", lambda: now_s + 600)
    hub.get(CONFIG_PATH)
    assert AuditEntry.objects.count() == 4
    assert DownloadTally.objects.count() == 4
