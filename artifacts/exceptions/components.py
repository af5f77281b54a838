"""The outside world and our own components."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.exceptions.base import RegistryError


class SourceError(RegistryError):
    """A source did not give what was asked of it.

    Attributes:
        retry_after_s: seconds the source asked us to wait, or None when it said nothing.
        status: the HTTP status that says so, or None when it is something else that is wrong.
    """

    code = "source_error"

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, status: int | None = None
    ) -> None:
        """Keep how long the source wants us to wait, and by which status it refuses."""
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.status = status


class SourceUnavailable(SourceError):
    """A source does not answer, answers nonsense or limits our rate: try again later."""

    code = "source_unavailable"
    retryable = True


class SourceRefused(SourceError):
    """A source says that the thing does not exist or that we may not have it: final."""

    code = "source_refused"


class SourceAbsent(SourceRefused):
    """A source says that there is no such thing, or none that it shows to us."""

    code = "source_absent"


class SourceTooLarge(SourceRefused):
    """A source answers with more than is read: asking again would bring the same."""

    code = "source_too_large"


class SourceMismatch(SourceError):
    """What a source sent differs from the size or digest that it stated."""

    code = "source_mismatch"
    # A transfer can be damaged on its way; a source that lies each time runs out of attempts.
    retryable = True


class LicenseUnavailable(SourceUnavailable):
    """A project's license cannot be had now (contract: 502)."""

    code = "license_unavailable"

    def __init__(self, repository: str, reason: str) -> None:
        """Name the repository, and what is in the way."""
        super().__init__(f"The license of {repository} could not be retrieved. {reason}")
        self.repository = repository


class SizeUnknown(RegistryError):
    """A source states no sizes, and the content is not kept yet (contract: 500)."""

    code = "size_unknown"
    retryable = True

    def __init__(self, artifact_id: str) -> None:
        """Name the artifact, and what to do."""
        super().__init__(
            f"The source of {artifact_id} states no sizes. Ask again when its content is kept."
        )
        self.artifact_id = artifact_id


class StorageUnavailable(RegistryError):
    """The place where bytes rest does not answer."""

    code = "storage_unavailable"
    retryable = True


class CredentialsEnded(StorageUnavailable):
    """The place where bytes rest says that the registry's credentials have ended."""

    code = "credentials_ended"

    def __init__(self, word: str) -> None:
        """Give the place's own word for it."""
        super().__init__(
            f"The registry's credentials for the bucket have ended ({word}). An operator has to "
            "renew them; new ones that can be had from where the old ones came are used at once."
        )


class StorageUnsuitable(StorageUnavailable):
    """The place where bytes rest cannot do what the registry rests on."""

    code = "storage_unsuitable"

    def __init__(self, lacks: str) -> None:
        """Say what it cannot do, and where the whole list is."""
        super().__init__(
            f"The registry writes nothing into this bucket: {lacks} An operator has to choose "
            "another S3 server (docs/storage.md); /health/components shows all that was found."
        )


class StorageFull(StorageUnavailable):
    """There is no room left where bytes rest."""

    code = "storage_full"


class ObjectMissing(RegistryError):
    """A key is not in the bucket."""

    code = "object_missing"

    def __init__(self, key: str) -> None:
        """Name the key."""
        super().__init__(f"The stored object {key!r} is missing.")
        self.key = key


class RecordBroken(RegistryError):
    """A record in the bucket cannot be read."""

    code = "record_broken"


class DatabaseUnavailable(RegistryError):
    """The database does not answer."""

    code = "database_unavailable"
    retryable = True


class DatabaseBusy(DatabaseUnavailable):
    """The database answers, but others keep it busy, or hold what is to be changed."""

    code = "database_busy"


class DatabaseFull(DatabaseUnavailable):
    """There is no room left where the database keeps its rows."""

    code = "database_full"


class FunctionUnavailable(RegistryError):
    """Lambda does not take a call of this registry's function."""

    code = "function_unavailable"
    retryable = True


class InternalError(RegistryError):
    """Something went wrong that nobody expected; the log has it under the request's id."""

    code = "internal_error"


class IndexIncomplete(RegistryError):
    """The bucket holds artifacts that the database never gave an id."""

    code = "index_incomplete"

    def __init__(self, kinds: Sequence[str]) -> None:
        """Name the types, and the ways out."""
        super().__init__(
            f"The bucket holds records of type {', '.join(kinds)} with higher numbers than this "
            "database gave out: it is empty or old, or a reset has not reached the bucket yet. "
            "Run `manage.py rebuild_index`, or let the reset's task finish, and try again."
        )
        self.kinds = tuple(kinds)
