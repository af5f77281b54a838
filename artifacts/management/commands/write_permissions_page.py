"""`manage.py write_permissions_page FILE`: writes who may do what, from the table of routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from artifacts.api.permissions_page import permissions_page


class Command(BaseCommand):
    """Writes the page."""

    help = "Write who may do what into a file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's form)
        """Write the page."""
        file: Path = options["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(permissions_page(), encoding="utf-8")
        self.stdout.write(f"Wrote {file}.")
