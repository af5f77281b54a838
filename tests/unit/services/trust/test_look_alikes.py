"""Auditing names, and remembering which are fine."""

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.enums import AuditAction
from artifacts.exceptions import InvalidRequest
from artifacts.limits import NOTE_MAX_CHARS
from artifacts.models import Artifact, AuditEntry, LookAlike, NameKey, Revision
from artifacts.selectors.trust import suspicions
from artifacts.services.trust import look_alikes
from artifacts.services.trust.look_alikes import audit_names, clear_look_alike
from tests.clients import user_with
from tests.factories.look_alikes import make_look_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> LookAlike:
    return make_look_alike()


def test_audit_when_one_is_cleared_while_it_runs_then_that_stays(pair):
    Artifact.objects.filter(pk=pair.suspect_id).update(name="tea")
    Revision.objects.filter(artifact=pair.suspect_id).update(repository="evil/tea")

    def clear_first(execute, sql, params, many, context):
        if sql.startswith("DELETE"):
            LookAlike.objects.update(cleared_at=timezone.now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(clear_first):
        audit_names()
    assert LookAlike.objects.get().cleared_at is not None
    LookAlike.objects.update(cleared_at=None)
    audit_names()
    assert not LookAlike.objects.exists()


def test_clear_when_done_then_the_trail_of_the_suspect_has_it(pair):
    clear_look_alike(key=pair.pk, reason="Ours.", user=user_with("decide"))
    entry = AuditEntry.objects.get(action=AuditAction.DECIDE)
    assert (entry.artifact_id, entry.user_name) == (pair.suspect_id, "only-decide")
    assert entry.note == f"fine beside {pair.other_id}"


def test_clear_when_the_reason_has_what_no_database_keeps_then_it_is_replaced(pair):
    row = clear_look_alike(key=pair.pk, reason=" a\x00b\ud800 ", user=user_with("decide"))
    assert row.reason == "a\ufffdb\ufffd"


def test_clear_when_the_reason_is_too_long_then_refused_and_not_cut(pair):
    with pytest.raises(InvalidRequest, match="at most 255"):
        clear_look_alike(key=pair.pk, reason="x" * (NOTE_MAX_CHARS + 1), user=user_with("decide"))
    assert LookAlike.objects.get().cleared_at is None


def test_audit_when_one_without_keys_is_deleted_meanwhile_then_the_others_get_theirs(
    pair, monkeypatch
):
    NameKey.objects.all().delete()
    read = suspicions.read_labels

    def read_and_delete(rows):
        labels = read(rows)
        Artifact.objects.filter(pk=pair.suspect_id).delete()
        return labels

    monkeypatch.setattr(look_alikes, "read_labels", read_and_delete)
    audit_names()
    connection.check_constraints()
    assert set(NameKey.objects.values_list("artifact_id", flat=True)) == {pair.other_id}
