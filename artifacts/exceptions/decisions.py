"""Errors about decisions: what keeps the bytes of a revision back."""

from __future__ import annotations

from artifacts.exceptions.base import RegistryError
from artifacts.exceptions.content import ArtifactNotFound


class ArtifactQuarantined(ArtifactNotFound):
    """An artifact is in quarantine, and the caller is not one of those who decide.

    The reason is not for everybody: it may describe an attack.
    """

    code = "artifact_quarantined"

    def __init__(self, artifact_type: str, artifact_id: str) -> None:
        """Say whom to ask."""
        super().__init__(artifact_type, artifact_id)
        self.message = (
            f"The {artifact_type} {artifact_id!r} is in quarantine. Those with the permission "
            "'decide' can see why, and can lift it."
        )
        self.args = (self.message,)


class DownloadRefused(RegistryError):
    """A decision, or the lack of one, keeps the bytes of a revision back.

    Attributes:
        reason: as whoever decided gave it; "" for none.
    """

    code = "download_refused"

    def __init__(self, message: str, reason: str = "") -> None:
        """Add the reason to the sentence."""
        super().__init__(f"{message} {reason}".strip())
        self.reason = reason


class RevisionQuarantined(DownloadRefused):
    """The revision is in quarantine; told to those who may decide."""

    code = "revision_quarantined"

    def __init__(self, reason: str) -> None:
        """Say what to do first."""
        super().__init__(
            "This revision is in quarantine; nobody gets its bytes before it is lifted.", reason
        )


class RevisionRejected(DownloadRefused):
    """The revision was rejected."""

    code = "revision_rejected"

    def __init__(self, reason: str) -> None:
        """Give the reason."""
        super().__init__("This revision was rejected, so its bytes are kept back.", reason)


class ApprovalMissing(DownloadRefused):
    """`REGISTRY_DOWNLOADS` asks for more than this revision has."""

    code = "approval_missing"
