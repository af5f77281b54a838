"""Scanning at mirroring: once for each blob, with what follows from what is found."""

import errno
import hashlib
import io

import pytest
from django.utils import timezone

from artifacts.enums import (
    ArtifactType,
    AuditAction,
    DecisionState,
    GateVerdict,
    ScanVerdict,
    TaskState,
)
from artifacts.exceptions import StorageUnavailable
from artifacts.models import (
    AllowedGlobal,
    AuditEntry,
    Decision,
    Rating,
    Revision,
    RevisionScan,
    Scan,
    Task,
)
from artifacts.rules.digest import Sha256
from artifacts.rules.scanning.kinds import find_kind
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.trust import rescanning, scans
from artifacts.services.trust.rating import rate_current, save_late_rating
from artifacts.services.trust.rescanning import begin_scanning, scan_again
from artifacts.services.trust.scans import scan_revision
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from artifacts.work import clock
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.unit.rules.scanning.pickling import state_dict, torch_zip
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot
from tests.unit.services.trust.scanning import EVIL, UNKNOWN, keep, scanned

pytestmark = pytest.mark.django_db


def test_mirror_when_done_then_a_task_scans_what_it_fetched(source, uploader, settings, outside):
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference())
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    revision = Revision.objects.get()
    mirror_revision(revision_id=revision.pk)
    (task,) = Task.objects.filter(name="scan_revision")
    scan_revision(**task.arguments)
    assert RevisionScan.objects.get().verdict == ScanVerdict.CLEAN
    assert RevisionScan.objects.get().counts == {"clean": len(CONTENTS)}


def test_mirror_when_a_scan_is_running_then_another_follows(source, uploader, settings, outside):
    settings.REGISTRY_TASKS = "worker"
    source.snapshot = make_snapshot(make_reference())
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    revision = Revision.objects.get()
    mirror_revision(revision_id=revision.pk)
    mirror_revision(revision_id=revision.pk)
    assert Task.objects.filter(name="scan_revision").count() == 1
    Task.objects.filter(name="scan_revision").update(state=TaskState.RUNNING)
    mirror_revision(revision_id=revision.pk)
    assert Task.objects.filter(name="scan_revision", state=TaskState.READY).count() == 1


def test_scan_when_a_file_is_dangerous_then_the_revision_is_in_quarantine():
    revision = scanned({"weights.pt": torch_zip(EVIL), "README.md": b"# robot"})
    assert revision.scan.verdict == ScanVerdict.DANGEROUS
    assert revision.scan.counts == {"clean": 1, "dangerous": 1}
    assert revision.decision == DecisionState.QUARANTINED
    decision = Decision.objects.get()
    assert decision.found_by == "scan"
    assert "weights.pt (os.system)" in decision.reason


def test_scan_when_the_setting_says_record_then_nothing_is_quarantined(settings):
    settings.REGISTRY_SCAN = "record"
    revision = scanned({"weights.pt": EVIL})
    assert revision.scan.verdict == ScanVerdict.DANGEROUS
    assert revision.decision == DecisionState.UNDECIDED


def test_scan_when_somebody_lifted_the_quarantine_then_the_same_finding_leaves_it_so():
    revision = scanned({"weights.pt": EVIL})
    Revision.objects.update(decision=DecisionState.UNDECIDED)
    scan_revision(revision_id=revision.pk)
    revision.refresh_from_db()
    assert revision.decision == DecisionState.UNDECIDED


def test_scan_when_a_file_is_suspicious_then_the_gate_has_a_reason_and_nobody_is_hidden():
    revision = scanned({"weights.pkl": UNKNOWN})
    assert revision.decision == DecisionState.UNDECIDED
    assert revision.current_rating.gate != GateVerdict.PASSED
    assert any("acme.models.Model" in each for each in revision.current_rating.gate_reasons)
    assert Task.objects.filter(name="rate_examined_model").exists()


def test_scan_when_a_model_is_rated_meanwhile_then_another_rating_follows():
    revision = scanned({"weights.pkl": UNKNOWN})
    Task.objects.filter(name="rate_examined_model").update(state=TaskState.RUNNING)
    AllowedGlobal.objects.create(
        name="acme.models.Model", reason="Ours.", created_at=timezone.now(), created_by="ada"
    )
    scan_revision(revision_id=revision.pk)
    assert Task.objects.filter(name="rate_examined_model", state=TaskState.READY).count() == 1


def test_rating_when_files_are_scanned_while_sources_answer_then_its_gate_has_the_reason(outside):
    artifact = make_artifact()
    make_rating(artifact, gate=GateVerdict.PASSED)
    revision = keep(artifact, {"weights.pkl": UNKNOWN})
    rating = rate_current(artifact.id, "registry")
    assert not any("acme.models.Model" in each for each in rating.gate_reasons)
    scan_revision(revision_id=revision.pk)
    save_late_rating(rating)
    revision.refresh_from_db()
    assert revision.current_rating_id == rating.pk
    kept = Rating.objects.get(pk=rating.pk)
    assert any("acme.models.Model" in each for each in kept.gate_reasons)
    assert kept.evidence["model"]["scanned"] == revision.scan.sentences


def test_scan_when_all_is_honest_then_rating_and_trail_stay():
    revision = scanned({"weights.pt": torch_zip(state_dict())})
    assert revision.scan.verdict == ScanVerdict.CLEAN
    assert not any("scan" in each for each in revision.current_rating.gate_reasons)
    assert not AuditEntry.objects.filter(action=AuditAction.DECIDE).exists()
    assert not Task.objects.filter(name="rate_examined_model").exists()


def test_scan_when_another_revision_has_the_same_bytes_then_they_are_not_read_again(monkeypatch):
    scanned({"a/weights.pt": EVIL, "b/other.pt": EVIL, "weights.bin": EVIL})
    assert Scan.objects.count() == 2
    monkeypatch.setattr(scans, "scan_file", None)
    twin = scanned({"model.pt": EVIL}, name="twin", number=2)
    assert twin.scan.verdict == ScanVerdict.DANGEROUS


def test_scan_when_the_rules_are_newer_then_it_is_scanned_again(monkeypatch):
    revision = scanned({"weights.pkl": UNKNOWN})
    begin_scanning()
    assert not Task.objects.filter(name="scan_again").exists()
    for module in (scans, rescanning):
        monkeypatch.setattr(module, "SCAN_RULES_VERSION", 99)
    begin_scanning()
    (task,) = Task.objects.filter(name="scan_again")
    scan_again(**task.arguments)
    assert Scan.objects.get().rules_version == 99
    assert RevisionScan.objects.get(revision=revision).rules_version == 99


def test_scan_when_time_ends_then_what_was_scanned_stays(monkeypatch):
    artifact = make_artifact()
    revision = keep(artifact, {"a.pkl": EVIL, "b.pkl": UNKNOWN})
    calls = iter([None, clock.OutOfTime("soon")])

    def check():
        if isinstance(found := next(calls, None), Exception):
            raise found

    monkeypatch.setattr(scans, "check_time", check)
    monkeypatch.setattr(scans, "scan_file", lambda *_: ())
    with pytest.raises(clock.OutOfTime):
        scan_revision(revision_id=revision.pk)
    assert Scan.objects.count() == 1


def test_scan_when_bytes_are_missing_then_the_others_are_scanned(bucket):
    artifact = make_artifact()
    revision = keep(artifact, {"a.pkl": EVIL, "b.pkl": UNKNOWN})
    get_store().delete([blob_key(Sha256(hashlib.sha256(EVIL).hexdigest()))])
    scan_revision(revision_id=revision.pk)
    assert Scan.objects.get().verdict == ScanVerdict.SUSPICIOUS
    begin_scanning()
    (task,) = Task.objects.filter(name="scan_again")
    get_store().create(blob_key(Sha256(hashlib.sha256(EVIL).hexdigest())), EVIL, "")
    scan_again(**task.arguments)
    assert RevisionScan.objects.get().verdict == ScanVerdict.DANGEROUS
    Task.objects.all().delete()
    begin_scanning()
    assert not Task.objects.exists()


class Failing(io.BytesIO):
    def read(self, size=-1, /):
        raise OSError(errno.EIO, "Input/output error")


def test_scan_when_the_disk_fails_then_the_task_tries_again_and_nothing_is_kept(monkeypatch):
    artifact = make_artifact()
    revision = keep(artifact, {"a.pkl": EVIL})
    monkeypatch.setattr(get_store(), "open", lambda _key: Failing(EVIL))
    with pytest.raises(StorageUnavailable):
        scan_revision(revision_id=revision.pk)
    assert not Scan.objects.exists()
    assert not RevisionScan.objects.exists()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/B/Model.PT", "pt"),
        ("x/config.json", "config.json"),
        ("x/other.json", "json"),
        ("libx.so.1.2", "so"),
        ("LICENSE", ""),
        ("a." + "x" * 40, "other"),
        ("model.pth.tar", "tar"),
    ],
)
def test_kind_is_what_a_name_tells(path, kind):
    assert find_kind(path) == kind
