"""`manage.py lift_sign_in_delays`: forgets failed sign-ins, for whoever has to wait for nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from artifacts.services.sign_in_delays import lift_delays


class Command(BaseCommand):
    """Lifts the delays of a user, of an address, or all of them."""

    help = "Forget failed sign-ins, so that nobody has to wait for them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--name", default="", help="only failures of this user")
        parser.add_argument("--address", default="", help="only failures from this address")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Forget them."""
        count = lift_delays(username=options["name"], address=options["address"])
        self.stdout.write(f"{count} delays were lifted.")
