"""`manage.py write_metric_pages FOLDER`: generates the pages about the metrics from the metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.pages import index_page, metric_page


class Command(BaseCommand):
    """Writes a page for each metric, and one that links to them."""

    help = "Write a page for each metric into a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's form)
        """Write the pages."""
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for metric in METRICS:
            (folder / f"{metric.name}.md").write_text(metric_page(metric), encoding="utf-8")
        (folder / "README.md").write_text(index_page(METRICS), encoding="utf-8")
        self.stdout.write(f"Wrote {len(METRICS) + 1} pages into {folder}.")
