"""Errors about the programs that decide about downloads of sensitive models."""

from __future__ import annotations

from artifacts.exceptions.access import PermissionMissing
from artifacts.exceptions.base import RegistryError
from artifacts.exceptions.content import NotFound


class MonitorRefused(RegistryError):
    """The program of a sensitive model does not let this user have it.

    Attributes:
        output: what the program printed.
    """

    code = "monitor_refused"

    def __init__(self, reason: str, output: str = "") -> None:
        """Say how the program ended, and repeat what it said."""
        super().__init__(
            f"This model is sensitive: a program of its uploader decides about each download. "
            f"{reason}{f' It said: {output}' if output else ''}"
        )
        self.output = output


class MonitorUnavailable(RegistryError):
    """The program of a sensitive model cannot be run here, and nothing is given out without it.

    Attributes:
        reason: what is missing, for everybody.
        detail: what operators need to know besides; no answer shows it.
    """

    code = "monitor_unavailable"

    def __init__(self, reason: str, detail: str = "") -> None:
        """Say what is missing."""
        super().__init__(
            "This model is sensitive: a program of its uploader decides about each download, and "
            f"this registry cannot run such programs now, so nobody may have it. {reason}"
        )
        self.reason = reason
        self.detail = detail


class MonitorsBusy(RegistryError):
    """More programs are to be run at once than there is memory for."""

    code = "monitors_busy"
    retryable = True

    def __init__(self, retry_after_s: int) -> None:
        """Say when to try again."""
        super().__init__(
            "Too many downloads of sensitive models are being decided at this moment. "
            f"Try again in {retry_after_s} seconds."
        )
        self.retry_after_s = retry_after_s


class MonitorNotFound(NotFound):
    """The model has no program that decides about downloads."""

    code = "monitor_not_found"

    def __init__(self, artifact_id: str) -> None:
        """Name the model."""
        super().__init__(
            f"The model {artifact_id!r} has no program that decides about its downloads."
        )


class TooManyMonitorChanges(RegistryError):
    """A model's program was changed as often as it can be."""

    code = "too_many_monitor_changes"

    def __init__(self, changes_max: int) -> None:
        """Say what remains."""
        super().__init__(
            f"The program of this model was changed {changes_max} times, the most that is kept. "
            "Only removing it remains; register the model anew to set another."
        )


class MonitorNotYours(PermissionMissing):
    """Somebody asked for what only an artifact's uploader and administrators may do."""

    code = "monitor_not_yours"

    def __init__(self) -> None:
        """Say who can."""
        super().__init__(
            "uploader", "Only the uploader of this model and administrators may do this."
        )
