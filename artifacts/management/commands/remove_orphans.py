"""`manage.py remove_orphans`: removes what nothing names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from artifacts.exceptions import RegistryError
from artifacts.limits import DELETE_BATCH_KEYS, ORPHAN_GRACE_HOURS
from artifacts.services.orphans import remove_orphans


class Command(BaseCommand):
    """Clears blobs, bundles, records and uploads that nothing uses, and says how much it was."""

    help = "Remove objects that no row names and that are older than the grace."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="count only")
        parser.add_argument(
            "--grace-hours",
            type=float,
            default=ORPHAN_GRACE_HOURS,
            help="keep what is younger (default: %(default)s)",
        )
        parser.add_argument(
            "--batch",
            type=int,
            default=DELETE_BATCH_KEYS,
            help="keys looked up and deleted together (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remove and report."""
        if not 1 <= options["batch"] <= DELETE_BATCH_KEYS or options["grace_hours"] < 0:
            raise CommandError(
                f"--batch is 1 to {DELETE_BATCH_KEYS}, and --grace-hours is not below 0."
            )
        try:
            removed = remove_orphans(
                grace_hours=options["grace_hours"],
                batch_keys=options["batch"],
                is_dry_run=options["dry_run"],
            )
        except RegistryError as error:
            raise CommandError(error.message) from error
        would = "would be " if options["dry_run"] else ""
        for each in removed:
            self.stdout.write(
                f"{each.kind}: {each.count:,} {would}removed, {each.size_bytes:,} bytes"
            )
