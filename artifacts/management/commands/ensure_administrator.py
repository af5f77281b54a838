"""`manage.py ensure_administrator`: makes sure that an administrator can sign in."""

from __future__ import annotations

from typing import Any

from artifacts.management.operators import OperatorCommand
from artifacts.services.access.users import ensure_administrator


class Command(OperatorCommand):
    """Does after a deployment what `manage.py serve` does at each start; may be run at any time."""

    help = "Create or repair the default administrator if nobody administers the registry."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Create or repair the administrator if necessary."""
        ensure_administrator()
        self.stdout.write("The registry has an administrator.")
