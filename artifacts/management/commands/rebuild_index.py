"""`manage.py rebuild_index`: reconciles bucket and database after either was restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser

from artifacts.exceptions import RegistryError
from artifacts.management.operators import OperatorCommand
from artifacts.services.upkeep.rebuild import discard_record, rebuild_index
from artifacts.services.upkeep.rebuilt import Rebuilt

_PROGRESS_EVERY = 1_000
_NAMED_MAX = 20
# Findings in the order of the report, each with what a run does about it.
_FINDINGS = (
    ("restored", "had no rows"),
    ("advanced", "had the rows of an earlier revision"),
    ("deleted_again", "were deleted after the moment that the database is from; their rows go"),
    ("records_written", "had lost their record in the bucket; it is written from the rows"),
    ("bytes_lost", "had lost bytes in the bucket; they are fetched from the source"),
    ("globals_restored", "globals are allowed, or no longer, for all artifacts as staff said last"),
)


class Command(OperatorCommand):
    """Restores missing rows, writes missing records, and says what it did."""

    help = "Reconcile bucket and database: rows from records, records from rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--dry-run", action="store_true", help="report the same, change nothing"
        )
        parser.add_argument(
            "--discard",
            nargs="+",
            default=[],
            metavar="ID",
            help="first give up these artifacts, which have a record and no rows",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rebuild; report what cannot be restored as an error, after everything else is done."""

        def show(so_far: Rebuilt) -> None:
            looked_at = so_far.artifacts + so_far.joined_before
            if looked_at and looked_at % _PROGRESS_EVERY == 0:
                self.stdout.write(f"{looked_at:,} artifacts ...")

        is_dry_run: bool = options["dry_run"]
        if is_dry_run and options["discard"]:
            raise CommandError("--discard gives artifacts up; it cannot be tried with --dry-run.")
        try:
            for artifact_id in options["discard"]:
                discard_record(artifact_id)
            result = rebuild_index(is_dry_run=is_dry_run, progress=show)
        except RegistryError as error:
            raise CommandError(error.message) from error
        would = "would be " if is_dry_run else ""
        self.stdout.write(
            f"{result.artifacts:,} artifacts and {result.revisions:,} records of revisions "
            f"{would}joined, {result.passed_over:,} objects of what was deleted passed over."
        )
        for name, what in _FINDINGS:
            self._tell(getattr(result, name), what)
        left = [error.message for error in result.registered_again]
        left += [f"{key} is broken: {reason}" for key, reason in result.broken.items()]
        if left:
            raise CommandError(
                f"{len(left)} records could not be restored; they stay in the bucket. A broken one "
                "comes back from the bucket's versions, or is given up with --discard.\n"
                + "\n".join(left)
            )

    def _tell(self, artifact_ids: Sequence[str], what: str) -> None:
        """Print the artifacts of a finding, or the first of them."""
        if artifact_ids:
            more = len(artifact_ids) - _NAMED_MAX
            named = ", ".join(artifact_ids[:_NAMED_MAX]) + (f" and {more:,} more" * (more > 0))
            self.stdout.write(f"{len(artifact_ids):,} {what}: {named}")
