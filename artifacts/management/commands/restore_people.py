"""`manage.py restore_people`: recreates the users from the record in the bucket."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from artifacts.exceptions import ObjectMissing, RegistryError
from artifacts.management.operators import OperatorCommand
from artifacts.services.access.people_records import (
    RestoredPeople,
    count_people,
    list_people_records,
    restore_people,
    written_at,
)
from artifacts.services.access.users import permissions_of


class Command(OperatorCommand):
    """Restores missing users, leaves existing ones alone, and says what it did."""

    help = "Restore users and permissions from the people's record in the bucket."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--list", action="store_true", help="list the records")
        parser.add_argument("--record", default="", help="the record's key (default: the newest)")
        parser.add_argument("--dry-run", action="store_true", help="report, but change nothing")
        parser.add_argument(
            "--unsigned",
            action="store_true",
            help="accept a record signed with another SECRET_KEY; check it with --dry-run first",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, or list.

        Raises:
            CommandError: there is no such record, or it cannot be trusted.
        """
        try:
            if options["list"]:
                self._list()
                return
            result = restore_people(
                record=options["record"],
                is_dry_run=options["dry_run"],
                is_unsigned_taken=options["unsigned"],
            )
        except ObjectMissing as error:
            raise CommandError(f"There is no record of people at {error.key}.") from error
        except RegistryError as error:
            raise CommandError(error.message) from error
        self._tell(result, "would be restored" if options["dry_run"] else "restored")

    def _list(self) -> None:
        """Show the records, the newest first."""
        for key in list_people_records():
            count = count_people(key)
            people = "cannot be read" if count is None else f"{count:,} people"
            self.stdout.write(f"{written_at(key):%Y-%m-%d %H:%M:%S} UTC  {key}  {people}")

    def _tell(self, result: RestoredPeople, done: str) -> None:
        """Say what happened to each user."""
        self.stdout.write(f"From {result.record}:")
        for user in result.restored:
            rank = (
                ["administrator"] if user.is_admin else permissions_of(user) or ["no permissions"]
            )
            closed = "" if user.is_active else ", may not sign in"
            self.stdout.write(f"{user.username}: {done} ({', '.join(rank)}{closed})")
        for name in result.present:
            self.stdout.write(f"{name}: is there, left alone")
        for name, reason in result.refused.items():
            self.stdout.write(f"{name}: not restored. {reason}")
        self.stdout.write(
            f"{len(result.restored)} {done}, {len(result.present)} left alone, "
            f"{len(result.refused)} not restored."
        )
