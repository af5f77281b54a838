"""Pages on which Django reads and changes a row in one transaction: that is ours from the start."""

from contextlib import contextmanager

import pytest
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artifacts.admin import base
from artifacts.database.transactions import writing
from artifacts.models import Artifact, User
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
PAGES = [model for model in admin.site._registry if model._meta.app_label == "artifacts"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one lock, the file's")
@pytest.mark.parametrize("page", ["change", "delete"])
@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_page_when_it_is_sent_then_nothing_is_read_before_the_lock_of_all_writers(
    staff, administrator, model, page
):
    key = administrator.pk if model is User else "1"
    with CaptureQueriesContext(connection) as seen:
        staff.post(reverse(f"admin:artifacts_{model._meta.model_name}_{page}", args=[key]))
    asked = [each["sql"] for each in seen.captured_queries]
    begun = next(at for at, each in enumerate(asked) if each.startswith("SAVEPOINT"))
    assert "pg_advisory_xact_lock_shared" in asked[begun + 1]


@pytest.mark.django_db(transaction=True)
def test_action_when_who_asks_is_deleted_meanwhile_then_it_is_done_and_said(
    administrator, monkeypatch, rf
):
    artifact, told = make_artifact("robot"), []
    monkeypatch.setattr(messages, "success", lambda _, text: told.append(text))
    request = rf.post("/admin/")
    request.user = administrator
    rows = Artifact.objects.filter(id=artifact.id)
    gone = User.objects.filter(pk=administrator.pk)
    base.do_for_each(request, rows, lambda _: gone.delete(), ("was done.", "were done."))
    assert told == ["1 was done."]
    assert not LogEntry.objects.exists()


@pytest.fixture
def waiting():
    """An artifact whose source has not answered."""
    artifact = make_artifact("robot")
    Artifact.objects.filter(id=artifact.id).update(current_revision=None)
    return artifact


@pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}], ids=str)
def test_deletion_when_who_asks_was_demoted_meanwhile_then_it_is_refused(
    staff, administrator, waiting, monkeypatch, change
):
    @contextmanager
    def writing_late(rests_on):
        User.objects.filter(pk=administrator.pk).update(**change)
        with writing(rests_on):
            yield

    monkeypatch.setattr(base, "writing", writing_late)
    staff.post(reverse("admin:artifacts_artifact_delete", args=[waiting.id]), {"post": "yes"})
    assert Artifact.objects.filter(id=waiting.id).exists()
