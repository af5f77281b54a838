"""Deciding on an artifact's page, and on the staff site."""

import pytest
from django.test import Client
from django.urls import reverse

from artifacts.enums import DecisionState
from artifacts.models import Decision
from tests.clients import user_with
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact():
    return make_artifact(user="ursula")


@pytest.fixture
def dora() -> Client:
    client = Client()
    client.force_login(user_with("search", "decide"))
    return client


def send(client: Client, artifact, **changes: str):
    given = {"revision": "1", "state": "approved", "reason": "Reviewed."} | changes
    return client.post(reverse("artifact-page-decision", args=[artifact.id]), given)


def page_of(client: Client, artifact) -> str:
    return client.get(f"/a/{artifact.id}").content.decode()


def test_form_when_sent_then_decided_and_told_to_everybody(dora, artifact, uploader):
    answer = send(dora, artifact, expires_on="2035-12-31")
    assert answer.status_code == 302
    assert "end within 15 min" in page_of(dora, artifact)
    made = Decision.objects.get()
    assert made.expires_at is not None
    assert f"{made.expires_at:%Y-%m-%d %H:%M}" == "2035-12-31 23:59"
    reader = Client()
    reader.force_login(uploader)
    shown = page_of(reader, artifact)
    assert "Reviewed." in shown
    assert "only-search-decide" in shown
    assert reverse("artifact-page-decision", args=[artifact.id]) not in shown


@pytest.mark.parametrize(
    "changes",
    [{"reason": ""}, {"state": "liked"}, {"expires_on": "2001-01-01"}, {"waived": "license"}],
)
def test_form_when_something_does_not_fit_then_drawn_again_as_it_was(dora, artifact, changes):
    answer = send(dora, artifact, **{"reason": "I typed this."} | changes)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert 'role="alert"' in shown
    assert changes.get("reason", "I typed this.") in shown
    assert not Decision.objects.exists()


def test_form_when_not_permitted_then_refused(artifact, uploader):
    reader = Client()
    reader.force_login(uploader)
    assert send(reader, artifact).status_code == 403
    assert not Decision.objects.exists()


def test_page_when_in_quarantine_then_only_those_who_decide_see_it(dora, artifact, uploader):
    send(dora, artifact, state="quarantined", reason="It calls home.")
    reader = Client()
    reader.force_login(uploader)
    answer = reader.get(f"/a/{artifact.id}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "is in quarantine" in answer.content.decode()
    assert "It calls home." not in answer.content.decode()
    assert "It calls home." in page_of(dora, artifact)


def test_staff_when_they_decide_on_chosen_ones_then_asked_for_a_reason_first(
    administrator, artifact
):
    staff = Client()
    staff.force_login(administrator)
    url = reverse("admin:artifacts_artifact_changelist")
    chosen = {"action": "decide_on", "_selected_action": [artifact.id]}
    asked = staff.post(url, chosen)
    assert 'name="reason"' in asked.content.decode()
    assert not Decision.objects.exists()
    staff.post(url, chosen | {"state": "quarantined", "reason": "It calls home."})
    assert Decision.objects.get().state == DecisionState.QUARANTINED
    found = staff.get(f"{url}?current_revision__decision=quarantined").content.decode()
    assert artifact.id in found


@pytest.mark.parametrize("changes", [{}, {"reason": ""}])
def test_form_when_the_page_is_not_theirs_to_see_then_refused_without_it(artifact, changes):
    client = Client()
    client.force_login(user_with("decide"))
    answer = send(client, artifact, **changes)
    assert answer.status_code == 403
    assert artifact.name not in answer.content.decode()
    assert not Decision.objects.exists()
