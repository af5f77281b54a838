import pytest
from django.core.management import CommandError, call_command

from artifacts.management.commands import rebuild_index as command
from artifacts.models import Artifact
from artifacts.services.records import store_record
from artifacts.storage.keys import RESET_MARKER_KEY
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact


@pytest.fixture
def lost(db):
    """Two artifacts in the bucket, none in the database."""
    for number in (1, 2):
        store_record(make_artifact(number=number).id)
    Artifact.objects.all().delete()


def test_command_when_run_restores_and_counts(lost, capsys, monkeypatch):
    monkeypatch.setattr(command, "_PROGRESS_EVERY", 1)
    call_command("rebuild_index")
    assert Artifact.objects.visible().count() == 2
    said = capsys.readouterr().out
    assert "1 artifacts ...\n2 artifacts ...\n" in said
    assert "2 artifacts and 2 records of revisions restored" in said


def test_command_when_dry_says_what_would_be(lost, capsys):
    call_command("rebuild_index", "--dry-run")
    assert not Artifact.objects.exists()
    assert "2 artifacts and 2 records of revisions would be restored" in capsys.readouterr().out


def test_command_when_a_record_is_broken_restores_the_others_and_fails(lost):
    get_store().replace("artifacts/code-1-1/metadata.json", b"{", "application/json")
    with pytest.raises(CommandError, match=r"artifacts/code-1-1/metadata\.json"):
        call_command("rebuild_index")
    assert Artifact.objects.visible().count() == 2


def test_command_when_the_marker_is_broken_fails(lost):
    get_store().replace(RESET_MARKER_KEY, b"{", "application/json")
    with pytest.raises(CommandError, match="Restore it"):
        call_command("rebuild_index")
