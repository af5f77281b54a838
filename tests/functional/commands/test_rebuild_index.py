import pytest
from django.core.management import CommandError, call_command

from artifacts.management.commands import rebuild_index as command
from artifacts.models import Artifact
from artifacts.services.records.artifact_records import store_record
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
    assert "2 artifacts and 2 records of revisions joined" in said


def test_command_when_dry_says_what_would_be(lost, capsys):
    call_command("rebuild_index", "--dry-run")
    assert not Artifact.objects.exists()
    assert "2 artifacts and 2 records of revisions would be joined" in capsys.readouterr().out


def test_command_when_it_finds_many_then_names_the_first(lost, capsys, monkeypatch):
    monkeypatch.setattr(command, "_NAMED_MAX", 1)
    call_command("rebuild_index")
    first = "model-1-1760000000000001"
    assert f"2 had no rows: {first} and 1 more\n" in capsys.readouterr().out
    call_command("rebuild_index")
    assert "had no rows" not in capsys.readouterr().out


def test_command_when_a_source_was_registered_again_then_says_what_to_do(lost, capsys):
    record = get_store().read("artifacts/model-2-1760000000000002/metadata.json")
    rows = record.replace(b"acme/robot-2", b"acme/robot-1")
    get_store().replace("artifacts/model-2-1760000000000002/metadata.json", rows, "x")
    first, second = "model-1-1760000000000001", "model-2-1760000000000002"
    for options in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match=f"{second}: .* registered again as {first}"):
            call_command("rebuild_index", *options)
    call_command("rebuild_index", "--discard", second)
    assert Artifact.objects.visible().get().id == first


@pytest.mark.parametrize(
    "options", [["--discard", "model-1-5", "--dry-run"], ["--discard", "model-1-5"]]
)
def test_command_when_it_cannot_give_up_then_says_why(lost, options):
    with pytest.raises(CommandError, match=r"cannot be tried|has no record"):
        call_command("rebuild_index", *options)
    assert not Artifact.objects.exists()


def test_command_when_a_record_is_broken_restores_the_others_and_fails(lost):
    get_store().replace("artifacts/code-1-1/metadata.json", b"{", "application/json")
    with pytest.raises(CommandError, match=r"artifacts/code-1-1/metadata\.json"):
        call_command("rebuild_index")
    assert Artifact.objects.visible().count() == 2


def test_command_when_the_marker_is_broken_fails(lost):
    get_store().replace(RESET_MARKER_KEY, b"{", "application/json")
    with pytest.raises(CommandError, match="Restore it"):
        call_command("rebuild_index")
