"""`manage.py remove_orphans`: removes what was deleted, and what failures left in the bucket."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from artifacts.database.modes import operators_work
from artifacts.exceptions import RegistryError
from artifacts.limits import DELETE_BATCH_KEYS, ORPHAN_GRACE_HOURS
from artifacts.services.upkeep.orphans import remove_orphans


class Command(BaseCommand):
    """Clears what a row, a tombstone or a reset marks as deleted, and says how much that was."""

    help = "Remove what was deleted or left unfinished, once it is older than the grace period."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="count only")
        parser.add_argument(
            "--grace-hours",
            type=float,
            default=ORPHAN_GRACE_HOURS,
            help="keep anything younger (default: %(default)s)",
        )
        parser.add_argument(
            "--batch",
            type=int,
            default=DELETE_BATCH_KEYS,
            help="how many keys are looked up and deleted at once (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remove, and report how much."""
        if not 1 <= options["batch"] <= DELETE_BATCH_KEYS or options["grace_hours"] < 0:
            raise CommandError(
                f"--batch is 1 to {DELETE_BATCH_KEYS}, and --grace-hours is not below 0."
            )
        # An operator may look in any mode; clearing waits until the registry is open.
        looking = operators_work() if options["dry_run"] else nullcontext()
        try:
            with looking:
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
