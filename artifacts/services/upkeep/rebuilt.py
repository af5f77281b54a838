"""The outcome of a rebuild."""

from __future__ import annotations

from dataclasses import dataclass, field

from artifacts.exceptions import SourceRegisteredAgain
from artifacts.services.upkeep.restoring import Outcome


@dataclass
class Rebuilt:
    """Counts and findings; for a dry run, those that a real run would have.

    Attributes:
        artifacts: how many records of artifacts were read and are valid.
        revisions: how many records of revisions were read and are valid.
        joined_before: artifacts that an interrupted rebuild had completed.
        passed_over: objects of artifacts that were deleted, alone or by a reset.
        restored: artifacts that had no rows.
        advanced: artifacts whose rows were of an earlier revision.
        broken: keys of records that are unreadable or invalid, each with the reason.
        registered_again: artifacts without rows whose source belongs to another artifact by now.
        deleted_again: artifacts whose rows were from before their deletion; deleted once more.
        records_written: artifacts whose records the bucket had lost.
        bytes_lost: artifacts whose bytes the bucket had lost; they are fetched from the source.
        globals_restored: names of globals that the rows allowed, or not, against the bucket's word.
    """

    artifacts: int = 0
    revisions: int = 0
    joined_before: int = 0
    passed_over: int = 0
    restored: list[str] = field(default_factory=list)
    advanced: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    registered_again: list[SourceRegisteredAgain] = field(default_factory=list)
    deleted_again: list[str] = field(default_factory=list)
    records_written: list[str] = field(default_factory=list)
    bytes_lost: list[str] = field(default_factory=list)
    globals_restored: list[str] = field(default_factory=list)

    def count(self, artifact_id: str, outcome: Outcome, *, is_current: bool) -> None:
        """Count the outcome of one record."""
        if outcome == Outcome.DEAD:
            self.passed_over += 1
            return
        self.artifacts += is_current
        self.revisions += not is_current
        if outcome == Outcome.RESTORED:
            self.restored.append(artifact_id)
        elif outcome == Outcome.ADVANCED and artifact_id not in self.restored[-1:]:
            self.advanced.append(artifact_id)
