"""Errors about things that do not exist or conflict with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from artifacts.exceptions.base import RegistryError


class NotFound(RegistryError):
    """Something that was named does not exist."""

    code = "not_found"


class ArtifactNotFound(NotFound):
    """No artifact has this type and id."""

    code = "artifact_not_found"

    def __init__(self, artifact_type: str, artifact_id: str) -> None:
        """Name what was asked for."""
        super().__init__(f"There is no {artifact_type} with the id {artifact_id!r}.")
        self.artifact_id = artifact_id


class NothingFound(NotFound):
    """A search found nothing, and its operation answers that with 404."""

    code = "nothing_found"


class PartNotFound(NotFound):
    """The artifact has no file of the requested part."""

    code = "part_not_found"

    def __init__(self, part: str, present: tuple[str, ...]) -> None:
        """Name the parts that exist."""
        super().__init__(
            f"This artifact has no {part!r} part. It has: {', '.join(present) or 'no files'}."
        )
        self.part = part
        self.present = present


class TokenNotFound(NotFound):
    """A user has no such token, perhaps no longer."""

    code = "token_not_found"

    def __init__(self) -> None:
        """Say that nothing is left to do."""
        super().__init__("This token has ended or was revoked already: nobody can use it.")


class UserNotFound(NotFound):
    """No user has this name."""

    code = "user_not_found"

    def __init__(self, username: str) -> None:
        """Name the user."""
        super().__init__(f"There is no user named {username!r}.")


class ProjectNotFound(NotFound):
    """GitHub knows no such repository, or hides it from us."""

    code = "project_not_found"

    def __init__(self, repository: str) -> None:
        """Name the repository."""
        super().__init__(f"GitHub says that {repository} does not exist or is private.")
        self.repository = repository


class ChangedMeanwhile(RegistryError):
    """Something was changed or removed by others between reading and writing."""

    code = "changed_meanwhile"
    retryable = True


class UploadNotFound(NotFound):
    """No upload with this id is waiting to be registered."""

    code = "upload_not_found"

    def __init__(self, upload_id: str) -> None:
        """Name the upload."""
        super().__init__(
            f"There is no upload {upload_id!r} waiting. Start one with POST /uploads, send the "
            "file to the address it answers, then register the upload's url."
        )


class LinkExpired(NotFound):
    """A signed link has expired, or this registry did not sign it."""

    code = "link_expired"

    def __init__(self) -> None:
        """Say how to get a new link."""
        super().__init__("This link has expired. Ask for the download or upload again.")


class ContentNotKept(NotFound):
    """The artifact's bytes are not in the registry, on purpose or because fetching failed."""

    code = "content_not_kept"


class ContentPending(RegistryError):
    """The bytes are still being fetched or bundled.

    Attributes:
        retry_after_s: when to ask again.
    """

    code = "content_pending"
    retryable = True

    def __init__(self, message: str, retry_after_s: int = 2) -> None:
        """Keep when to ask again."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class UploadPending(ContentPending):
    """An upload's bytes have arrived, and their digest is being computed."""

    code = "upload_pending"

    def __init__(self, upload_id: str) -> None:
        """Say how to see when that is done."""
        super().__init__(
            f"The upload {upload_id!r} is being checked, which takes a while if it is large. "
            f"Register it when GET /uploads/{upload_id} says that it is checked."
        )


class UploadIncomplete(RegistryError):
    """An upload in parts is not in the state that the request needs."""

    code = "upload_incomplete"


class ArtifactExists(RegistryError):
    """This source is registered already."""

    code = "artifact_exists"

    def __init__(self, artifact_id: str, url: str) -> None:
        """Name the artifact that holds the source."""
        super().__init__(
            f"{url} is registered already, as {artifact_id}. "
            "Use that artifact, or replace its content with PUT."
        )
        self.artifact_id = artifact_id


class GateFailed(RegistryError):
    """The gate refuses the model, and `REGISTRY_GATE` is `enforce`.

    Attributes:
        failures: a sentence for each metric that fails or is unknown.
    """

    code = "gate_failed"

    def __init__(self, summary: str, failures: Sequence[str]) -> None:
        """Say what fails or is unknown.

        Args:
            summary: as in "fails 2 of 9 known, 4 unknown".
        """
        super().__init__(
            "This registry takes only models that reach the threshold of every metric. This one "
            f"{summary}: {' '.join(failures)}"
        )
        self.failures = tuple(failures)


class RatingIncomplete(RegistryError):
    """A metric could not be computed because a source did not answer (contract: 500).

    Attributes:
        reasons: metric -> why it could not be computed.
    """

    code = "rating_incomplete"
    retryable = True

    def __init__(self, artifact_id: str, reasons: Mapping[str, str]) -> None:
        """Name the metrics and say what happens next."""
        super().__init__(
            f"The rating of {artifact_id} is incomplete: {', '.join(reasons)} could not be "
            f"computed. {next(iter(reasons.values()), '')} It is rated again by itself; "
            "?evidence=true shows what is known so far."
        )
        self.reasons = dict(reasons)
