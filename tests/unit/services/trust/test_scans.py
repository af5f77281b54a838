"""Scanning at mirroring: once for each blob, with what follows from what is found."""

import errno
import hashlib
import io

import pytest

from artifacts.enums import (
    ArtifactType,
    AuditAction,
    DecisionState,
    GateVerdict,
    Part,
    ScanVerdict,
    TaskState,
)
from artifacts.exceptions import (
    ArtifactNotFound,
    InvalidRequest,
    PermissionMissing,
    StorageUnavailable,
)
from artifacts.models import (
    Artifact,
    AuditEntry,
    Blob,
    Decision,
    File,
    Revision,
    RevisionScan,
    Scan,
    Task,
    User,
)
from artifacts.rules.digest import Sha256
from artifacts.rules.scanning.kinds import find_kind
from artifacts.selectors.trust.scans import get_scans
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.trust import rescanning, scans
from artifacts.services.trust.allowing import allow_global, forbid_global
from artifacts.services.trust.rescanning import begin_scanning, judge_scans, scan_again
from artifacts.services.trust.scans import scan_revision
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from artifacts.work import clock
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.unit.rules.scanning.pickling import calling, state_dict, torch_zip
from tests.unit.services.conftest import CONTENTS, URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db

EVIL, UNKNOWN = calling("os", "system"), calling("acme.models", "Model")


@pytest.fixture
def administrator() -> User:
    return User.objects.create(username="ada", is_admin=True)


def keep(artifact: Artifact, files: dict[str, bytes]) -> Revision:
    """Give the current revision of an artifact some files whose bytes are in the bucket."""
    revision = artifact.current_revision
    revision.files.all().delete()
    for path, data in files.items():
        sha256 = Sha256(hashlib.sha256(data).hexdigest())
        get_store().create(blob_key(sha256), data, "application/octet-stream")
        blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size_bytes": len(data)})
        File.objects.create(
            revision=revision, path=path, part=Part.WEIGHTS, size_bytes=len(data), blob=blob
        )
    Revision.objects.filter(pk=revision.pk).update(content_state="stored")
    return revision


def scanned(files: dict[str, bytes], **named) -> Revision:
    artifact = make_artifact(**named)
    make_rating(artifact, gate=GateVerdict.PASSED)
    revision = keep(artifact, files)
    scan_revision(revision_id=revision.pk)
    return Revision.objects.select_related("current_rating", "scan", "artifact").get(pk=revision.pk)


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


def test_allow_when_a_global_is_allowed_then_its_findings_say_so(administrator):
    revision = scanned({"weights.pkl": UNKNOWN})
    allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
    assert Task.objects.filter(name="judge_scans").count() == 1
    judge_scans()
    revision = Revision.objects.select_related("current_rating", "scan").get(pk=revision.pk)
    assert revision.scan.verdict == ScanVerdict.ALLOWED
    assert not any("acme" in each for each in revision.current_rating.gate_reasons)
    (file,) = get_scans(revision).files
    assert (file.verdict, file.findings[0].allowed) == (ScanVerdict.ALLOWED, "Ours.")


def test_allow_when_for_one_artifact_then_another_still_warns(administrator):
    first = scanned({"weights.pkl": UNKNOWN})
    second = scanned({"weights.pkl": UNKNOWN}, name="twin", number=2)
    allow_global(
        name="acme.models.Model", reason="Ours.", by=administrator, artifact_id=first.artifact_id
    )
    judge_scans()
    verdicts = [RevisionScan.objects.get(revision=each).verdict for each in (first, second)]
    assert verdicts == [ScanVerdict.ALLOWED, ScanVerdict.SUSPICIOUS]
    trail = AuditEntry.objects.filter(artifact_id=first.artifact_id, user_name="ada")
    assert [each.note for each in trail] == ["scan allows acme.models.Model"]


def test_allow_when_another_global_is_there_too_then_that_one_still_warns(administrator):
    revision = scanned({"weights.pkl": UNKNOWN, "other.pkl": EVIL})
    allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
    judge_scans()
    assert RevisionScan.objects.get(revision=revision).verdict == ScanVerdict.DANGEROUS


def test_allow_when_taken_back_then_it_warns_again(administrator):
    revision = scanned({"weights.pkl": UNKNOWN})
    allowed = allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
    judge_scans()
    forbid_global(allowed=allowed, by=administrator)
    judge_scans()
    assert RevisionScan.objects.get(revision=revision).verdict == ScanVerdict.SUSPICIOUS


def test_forbid_when_a_pass_is_under_way_then_another_follows(administrator):
    allowed = allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
    Task.objects.filter(name="judge_scans").update(state=TaskState.RUNNING)
    forbid_global(allowed=allowed, by=administrator)
    assert Task.objects.filter(name="judge_scans", state=TaskState.READY).count() == 1


def test_judge_when_one_is_deleted_meanwhile_then_the_others_follow(administrator, monkeypatch):
    first = scanned({"weights.pt": EVIL, "other.pkl": UNKNOWN})
    second = scanned({"weights.pkl": UNKNOWN}, name="twin", number=2)
    allow_global(name="acme.models.Model", reason="Ours.", by=administrator)

    def gone(*, revision, **_named):
        raise ArtifactNotFound("model", revision.artifact_id)

    monkeypatch.setattr(scans, "quarantine", gone)
    judge_scans()
    assert first.pk < second.pk
    assert RevisionScan.objects.get(revision=second).verdict == ScanVerdict.ALLOWED


def test_judge_when_there_are_more_then_the_next_task_goes_on_behind_them(
    administrator, set_limits
):
    set_limits(RESCANNED_AT_ONCE_MAX=1)
    first = scanned({"weights.pkl": UNKNOWN})
    second = scanned({"weights.pkl": UNKNOWN}, name="twin", number=2)
    allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
    Task.objects.all().delete()
    judge_scans()
    judge_scans()
    assert RevisionScan.objects.get(revision=second).verdict == ScanVerdict.SUSPICIOUS
    (task,) = Task.objects.filter(name="judge_scans")
    assert task.arguments == {"after_id": first.pk}
    judge_scans(**task.arguments)
    assert RevisionScan.objects.get(revision=second).verdict == ScanVerdict.ALLOWED


@pytest.mark.parametrize(("name", "reason"), [("", "Ours."), ("a.b", " "), ("a" * 400, "Ours.")])
def test_allow_when_name_or_reason_do_not_fit_then_refused(administrator, name, reason):
    with pytest.raises(InvalidRequest):
        allow_global(name=name, reason=reason, by=administrator)


def test_allow_when_twice_then_refused(administrator):
    allow_global(name="a.b", reason="Ours.", by=administrator)
    with pytest.raises(InvalidRequest, match="already"):
        allow_global(name="a.b", reason="Ours.", by=administrator)


def test_allow_when_no_administrator_then_refused(uploader):
    with pytest.raises(PermissionMissing):
        allow_global(name="a.b", reason="Ours.", by=uploader)


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
