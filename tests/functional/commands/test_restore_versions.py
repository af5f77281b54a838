from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from artifacts.management.commands import restore_versions as command
from artifacts.services.upkeep.versions import BroughtBack


@pytest.mark.parametrize("time", ["yesterday", "2026-11-29T12:00:00", "2026-11-29"])
def test_command_when_the_time_is_no_moment_then_refuses(time):
    with pytest.raises(CommandError, match="with its zone"):
        call_command("restore_versions", "--before", time)


@pytest.mark.usefixtures("db")
def test_command_when_the_bucket_is_a_folder_then_says_so():
    with pytest.raises(CommandError, match="keeps no versions"):
        call_command("restore_versions", "--before", "2026-11-29T12:00:00Z")


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_command_when_done_then_says_what_came_back(monkeypatch, capsys, is_dry_run):
    asked = {}

    def restore(**given) -> BroughtBack:
        asked.update(given)
        return BroughtBack({"records": 2_000, "blobs": 5}, renewed=3, undone=1, reset_undone=True)

    monkeypatch.setattr(command, "restore_versions", restore)
    options = ["--dry-run"] if is_dry_run else ["--overwritten"]
    call_command("restore_versions", "--before", "2026-11-29T12:00:00Z", *options)
    would = "would be " if is_dry_run else ""
    said = capsys.readouterr().out.splitlines()
    assert said[:5] == [
        f"records: 2,000 {would}brought back",
        f"blobs: 5 {would}brought back",
        f"3 records {would}written as they were",
        f"1 deletions {would}undone",
        f"A reset {would}undone.",
    ]
    assert (len(said) == 5) == is_dry_run
    assert asked == {
        "before": datetime(2026, 11, 29, 12, tzinfo=UTC),
        "with_overwritten": not is_dry_run,
        "is_dry_run": is_dry_run,
    }
