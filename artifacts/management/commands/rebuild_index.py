"""`manage.py rebuild_index`: makes the rows anew from the bucket."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from artifacts.exceptions import RegistryError
from artifacts.services.rebuild import Rebuilt, rebuild_index

_PROGRESS_EVERY = 1_000


class Command(BaseCommand):
    """Restores what has no row, and says what it did."""

    help = "Restore artifacts, revisions, files, blobs and trails from the records in the bucket."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--dry-run", action="store_true", help="read and count only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rebuild; a broken record is an error, after all others were restored."""

        def show(so_far: Rebuilt) -> None:
            if so_far.artifacts % _PROGRESS_EVERY == 0:
                self.stdout.write(f"{so_far.artifacts:,} artifacts ...")

        try:
            result = rebuild_index(is_dry_run=options["dry_run"], progress=show)
        except RegistryError as error:
            raise CommandError(error.message) from error
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{result.artifacts:,} artifacts and {result.revisions:,} records of revisions "
            f"{would}restored, {result.passed_over:,} objects from before the last reset passed "
            "over."
        )
        if result.broken:
            raise CommandError("Broken records: " + ", ".join(result.broken))
