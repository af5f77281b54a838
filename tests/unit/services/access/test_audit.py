import pytest

from artifacts.enums import AuditAction
from artifacts.models import AuditEntry
from artifacts.services.access.audit import record_audit
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_record_when_written_then_says_who_what_and_on_what(administrator):
    artifact = make_artifact()
    record_audit(
        artifact=artifact, user=administrator, action=AuditAction.DOWNLOAD, note="part=card"
    )
    entry = AuditEntry.objects.latest("id")
    assert (entry.user_name, entry.user_is_admin, entry.action) == ("ada", True, "DOWNLOAD")
    assert (entry.artifact_id, entry.artifact_type) == (artifact.id, "model")
    assert (entry.artifact_name, entry.note) == ("robot", "part=card")


def test_record_when_artifact_and_user_are_gone_then_still_says_so(administrator):
    artifact = make_artifact()
    record_audit(artifact=artifact, user=administrator, action=AuditAction.DELETE)
    artifact.delete()
    administrator.delete()
    assert AuditEntry.objects.latest("id").user_name == "ada"


def test_entry_when_changed_then_refused(administrator):
    record_audit(artifact=make_artifact(), user=administrator, action=AuditAction.RATE)
    entry = AuditEntry.objects.latest("id")
    entry.user_name = "somebody else"
    with pytest.raises(TypeError, match="never changed"):
        entry.save()
