"""`manage.py audit_names`: compares the names of all artifacts, as the daily work does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from artifacts.exceptions import RegistryError
from artifacts.services.trust.look_alikes import audit_names


class Command(BaseCommand):
    """Finds the artifacts that may be mistaken for others, and says how many they are."""

    help = "Compare the names of all artifacts, and list those that may be mistaken for others."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Audit, and report how much."""
        try:
            artifacts, suspects = audit_names()
        except RegistryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{artifacts:,} names compared, {suspects:,} open suspicions")
