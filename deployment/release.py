"""Which release a package holds, and which one answers: the same record, read in two places.

The package has the record as `release.json` (`package.py` writes it); a running registry shows it
at `/health`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.steps import DeploymentFailed

RECORD_NAME = "release.json"
_COMMIT_SHOWN_CHARS = 12


@dataclass(frozen=True)
class Release:
    """One build. An empty field is unknown, and ignored when releases are compared.

    Attributes:
        built_at: when the package was built, ISO 8601 in UTC.
        migration: the newest migration of the registry in the package.
    """

    version: str = ""
    commit: str = ""
    built_at: str = ""
    migration: str = ""

    def __str__(self) -> str:
        """Name the release for people."""
        commit, dash, changed = self.commit.partition("-")
        details = (
            f"{commit[:_COMMIT_SHOWN_CHARS]}{dash}{changed}",
            self.built_at and f"built {self.built_at}",
            self.migration and f"schema {self.migration}",
        )
        shown = ", ".join(detail for detail in details if detail)
        return f"release {self.version or 'without a number'}" + (f" ({shown})" if shown else "")

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Release:
        """Return the release that a record describes."""
        migrations = record.get("migrations") or {}
        return cls(
            version=record.get("version") or "",
            commit=record.get("commit") or "",
            built_at=record.get("built_at") or "",
            migration=migrations.get("artifacts") or "",
        )

    @classmethod
    def of_health(cls, health: Mapping[str, Any]) -> Release | None:
        """Return the release that answered; None when it runs outside a package."""
        record = health.get("release")
        return cls.of_record(record) if record else None

    @classmethod
    def of_package(cls, package: Path | bytes) -> Release:
        """Return the release that a zip holds.

        Raises:
            DeploymentFailed: it has no record.
        """
        source = io.BytesIO(package) if isinstance(package, bytes) else package
        try:
            with zipfile.ZipFile(source) as archive:
                return cls.of_record(json.loads(archive.read(RECORD_NAME)))
        except (KeyError, ValueError, zipfile.BadZipFile) as error:
            raise DeploymentFailed(
                f"The package has no readable {RECORD_NAME} ({error}).",
                "Build it with make package, or with Zappa and the callbacks of "
                "zappa_settings.json.",
            ) from error

    def fits(self, expected: Release) -> bool:
        """Say whether this is the expected release, as far as that one is described."""
        return all(
            wanted in ("", found)
            for wanted, found in (
                (expected.version, self.version),
                (expected.commit, self.commit),
                (expected.built_at, self.built_at),
                (expected.migration, self.migration),
            )
        )


def pending_migrations(health: Mapping[str, Any]) -> list[str]:
    """Return the migrations that the answering code has and the database lacks."""
    state = health.get("migrations") or {}
    pending: list[str] = state.get("pending") or []
    return pending
