import pytest

from artifacts.enums import AuditAction
from artifacts.selectors.audit import list_audit_entries
from artifacts.services.audit import record_audit
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
