"""The base of commands with which an operator restores or moves the registry."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from artifacts.database.modes import operators_work


class OperatorCommand(BaseCommand):
    """May change things in any REGISTRY_MODE, since the modes only keep others out meanwhile."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command with the operator's right to change things in any mode."""
        with operators_work():
            return super().execute(*args, **options)
