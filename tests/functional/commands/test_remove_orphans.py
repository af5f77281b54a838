import pytest
from django.core.management import CommandError, call_command

from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store


@pytest.fixture
def orphan(db):
    get_store().create("incoming/abc", b"12345", "x")


def keys():
    return [found.key for found in get_store().list("")]


def test_command_when_run_removes_and_says_how_much(orphan, capsys):
    call_command("remove_orphans", "--grace-hours", "0")
    assert keys() == []
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "blobs: 0 removed, 0 bytes",
        "bundles: 0 removed, 0 bytes",
        "records: 0 removed, 0 bytes",
        "uploads: 0 removed, 0 bytes",
        "incoming: 1 removed, 5 bytes",
        "probes: 0 removed, 0 bytes",
        "parts: 0 removed, 0 bytes",
    ]


def test_command_when_dry_says_what_would_be(orphan, capsys):
    call_command("remove_orphans", "--dry-run", "--grace-hours", "0")
    assert keys() == ["incoming/abc"]
    assert "incoming: 1 would be removed, 5 bytes" in capsys.readouterr().out


def test_command_when_objects_are_young_leaves_them(orphan):
    call_command("remove_orphans")
    assert keys() == ["incoming/abc"]


@pytest.mark.parametrize(
    "options", [["--batch", "0"], ["--batch", "1001"], ["--grace-hours", "-1"]]
)
def test_command_when_an_option_is_out_of_bounds_refuses(orphan, options):
    with pytest.raises(CommandError, match="1 to 1000"):
        call_command("remove_orphans", *options)


def test_command_when_the_database_is_lost_refuses(orphan):
    get_store().create(record_key("model-1-1"), b"{}", "x")
    with pytest.raises(CommandError, match="rebuild_index"):
        call_command("remove_orphans", "--grace-hours", "0")
    assert len(keys()) == 2
