"""`manage.py lift_sign_in_delays`: forgets failed sign-ins, for users who wait without cause."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from artifacts.management.operators import OperatorCommand
from artifacts.services.access.sign_in_delays import lift_delays


class Command(OperatorCommand):
    """Lifts the delays of a user or an address, or all of them."""

    help = "Forget failed sign-ins, so that nobody has to wait because of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--name", default="", help="only failures of this user")
        parser.add_argument("--address", default="", help="only failures from this address")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Forget the failed sign-ins."""
        count = lift_delays(username=options["name"], address=options["address"])
        self.stdout.write(f"{count} delays were lifted.")
