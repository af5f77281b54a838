"""Allowing what scans find, and judging it again."""

import pytest

from artifacts.enums import ScanVerdict, TaskState
from artifacts.exceptions import ArtifactNotFound, InvalidRequest, NotFound, PermissionMissing
from artifacts.models import AllowedGlobal, AuditEntry, Revision, RevisionScan, Task, User
from artifacts.selectors.trust.scans import get_scans, judge_files
from artifacts.services.trust import scans
from artifacts.services.trust.allowing import allow_global, forbid_global
from artifacts.services.trust.rescanning import judge_scans
from tests.unit.services.trust.scanning import EVIL, UNKNOWN, scanned

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return User.objects.create(username="ada", is_admin=True)


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


def test_forbid_when_somebody_was_faster_then_refused_and_the_trail_stays(administrator):
    revision = scanned({"weights.pkl": UNKNOWN})
    allowed = allow_global(
        name="a.b", reason="Ours.", by=administrator, artifact_id=revision.artifact_id
    )
    forbid_global(allowed=AllowedGlobal.objects.get(pk=allowed.pk), by=administrator)
    trail = AuditEntry.objects.count()
    with pytest.raises(NotFound, match="not allowed any more"):
        forbid_global(allowed=allowed, by=administrator)
    revision.artifact.delete()
    with pytest.raises(ArtifactNotFound):
        forbid_global(allowed=allowed, by=administrator)
    assert AuditEntry.objects.count() == trail


def test_judge_when_two_passes_cross_then_the_newer_verdict_stays(administrator, monkeypatch):
    revision = scanned({"weights.pkl": UNKNOWN})

    def judge_late(of):
        monkeypatch.setattr(scans, "judge_files", judge_files)
        judged = judge_files(of)
        allow_global(name="acme.models.Model", reason="Ours.", by=administrator)
        return judged

    monkeypatch.setattr(scans, "judge_files", judge_late)
    scans.settle_revision(revision, rules_version=0)
    kept = RevisionScan.objects.get(revision=revision)
    assert (kept.verdict, kept.rules_version) == (ScanVerdict.ALLOWED, 0)


def test_judge_when_it_was_scanned_meanwhile_then_the_rules_of_that_scan_stay(administrator):
    revision = scanned({"weights.pkl": UNKNOWN})
    RevisionScan.objects.update(rules_version=99)
    scans.settle_revision(revision)
    assert RevisionScan.objects.get(revision=revision).rules_version == 99


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
