"""`make demo`: made-up artifacts, judged by the usual rules, without the internet."""

import io
import socket

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from artifacts.enums import ArtifactType
from artifacts.management.demo.contents import MADE
from artifacts.models import Artifact, AuditEntry, LineageEdge, Rating
from artifacts.selectors.catalogue.changes import get_changes
from artifacts.selectors.upkeep.traffic import get_traffic, list_failures
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def fill() -> str:
    told = io.StringIO()
    call_command("fill_demo", stdout=told)
    return told.getvalue()


@pytest.fixture(autouse=True)
def own_port(settings) -> int:
    settings.PORT = free_port()
    return settings.PORT


def test_demo_when_filled_then_every_page_has_something_to_show(settings):
    settings.IS_FOR_TRYING_OUT = True
    told = fill()
    assert len(MADE) == 14
    assert told.count("is registered.") == len(MADE) - 1
    assert "late-riser waits for its source." in told
    kinds = set(Artifact.objects.values_list("type", flat=True))
    assert kinds == {each.value for each in ArtifactType}
    verdicts = set(Rating.objects.values_list("gate", flat=True))
    assert verdicts == {"passed", "failed", "undecided", "exempt"}
    assert LineageEdge.objects.exists()
    speech = Rating.objects.filter(category="automatic-speech-recognition", gate="passed")
    assert set(speech.values_list("revision__license", flat=True)) == {"apache-2.0"}
    assert "home-grown is uploaded." in told
    assert "parrot-polite has a second revision." in told
    again = fill()
    assert again.count("is there already.") == len(MADE)
    assert "home-grown" not in again
    assert "revision" not in again


def test_demo_when_filled_then_trail_changes_and_dashboard_have_something_to_show(settings):
    settings.IS_FOR_TRYING_OUT = True
    fill()
    polite = Artifact.objects.get(name="parrot-polite")
    assert polite.current_revision.number == 2
    changed = {each.path for each in get_changes(polite.id, 1, 2).changed.rows}
    assert changed == {"README.md", "model.safetensors"}
    actions = AuditEntry.objects.filter(artifact_id=polite.id).values_list("action", flat=True)
    assert {"CREATE", "UPDATE", "DOWNLOAD"} <= set(actions)
    home = Artifact.objects.get(name="home-grown").current_revision
    assert (home.source_kind, home.content_state) == ("upload", "stored")
    for minutes in (60, 1_440):
        traffic = get_traffic(minutes)
        assert traffic.downloads
        assert traffic.tally.failed
        assert traffic.clients
    assert list_failures(traffic.started_at)


def test_demo_when_the_registry_is_no_trial_then_nothing_is_made_up(settings):
    settings.IS_FOR_TRYING_OUT = False
    with pytest.raises(CommandError, match="for trying out"):
        fill()
    assert not Artifact.objects.exists()


def test_demo_when_the_registry_runs_then_its_worker_is_not_confused(settings, own_port):
    settings.IS_FOR_TRYING_OUT = True
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", own_port))
        listener.listen()
        with pytest.raises(CommandError, match=f"port {own_port}"):
            fill()
    assert not Artifact.objects.exists()
