"""`manage.py ensure_administrator`: sees that somebody can sign in and administer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from artifacts.services.users import ensure_administrator


class Command(BaseCommand):
    """Does after a deployment what `manage.py serve` does at each start; may be run any time."""

    help = "Create or repair the default administrator where nobody administers the registry."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See to the administrator."""
        ensure_administrator()
        self.stdout.write("The registry has an administrator.")
