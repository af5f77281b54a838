import pytest

from artifacts.enums import AuditAction
from artifacts.limits import TRAIL_SHOWN_MAX
from artifacts.selectors.access.audit import get_trail, list_audit_entries
from artifacts.services.access.audit import record_audit
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_trail_when_read_then_oldest_first_of_this_artifact_without_deletions(administrator):
    first, second = make_artifact(number=1), make_artifact(number=2)
    for artifact, action in (
        (first, AuditAction.DOWNLOAD), (second, AuditAction.RATE),
        (first, AuditAction.DELETE), (first, AuditAction.AUDIT),
    ):  # fmt: skip
        record_audit(artifact=artifact, user=administrator, action=action)
    actions = [entry.action for entry in list_audit_entries(first.id).rows]
    assert actions == ["CREATE", "DOWNLOAD", "AUDIT"]


def test_trail_when_there_is_none_then_empty():
    assert list_audit_entries("none-1").rows == []


def test_trail_when_shown_then_newest_first_with_deletions(administrator):
    artifact = make_artifact()
    for action in (AuditAction.RATE, AuditAction.DELETE):
        record_audit(artifact=artifact, user=administrator, action=action, note="why")
    found = get_trail(artifact.id)
    assert [(each.action, each.user_name, each.is_admin) for each in found.lines.rows] == [
        ("DELETE", "ada", True), ("RATE", "ada", True), ("CREATE", "ursula", False),
    ]  # fmt: skip
    assert found.artifact_id == artifact.id


def test_trail_when_it_is_long_then_cut_and_counted(administrator):
    artifact = make_artifact()
    for _ in range(TRAIL_SHOWN_MAX):
        record_audit(artifact=artifact, user=administrator, action=AuditAction.RATE)
    lines = get_trail(artifact.id).lines
    assert (len(lines.rows), lines.count) == (TRAIL_SHOWN_MAX, TRAIL_SHOWN_MAX + 1)
