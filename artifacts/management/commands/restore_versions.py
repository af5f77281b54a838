"""`manage.py restore_versions`: restores what was deleted from the bucket."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from artifacts.exceptions import RegistryError
from artifacts.management.operators import OperatorCommand
from artifacts.services.upkeep.versions import restore_versions


class Command(OperatorCommand):
    """Undoes a reset and deletions since a given time, if the bucket keeps versions."""

    help = "Restore what the bucket held at a given time, from the versions that it keeps."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--before", required=True, metavar="TIME", help="as in 2026-11-29T12:00:00Z"
        )
        parser.add_argument(
            "--overwritten", action="store_true", help="also records that were overwritten since"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore and report."""
        before = parse_datetime(options["before"])
        if before is None or before.tzinfo is None:
            raise CommandError("--before takes a moment with its zone, as in 2026-11-29T12:00:00Z.")
        try:
            found = restore_versions(
                before=before,
                with_overwritten=options["overwritten"],
                is_dry_run=options["dry_run"],
            )
        except RegistryError as error:
            raise CommandError(error.message) from error
        would = "would be " if options["dry_run"] else ""
        for kind, count in found.objects.items():
            self.stdout.write(f"{kind}: {count:,} {would}brought back")
        self.stdout.write(f"{found.renewed:,} records {would}written as they were")
        self.stdout.write(f"{found.undone:,} deletions {would}undone")
        if found.reset_undone:
            self.stdout.write(f"A reset {would}undone.")
        if not options["dry_run"]:
            self.stdout.write("Now run rebuild_index: until then nothing is registered.")
