"""Errors of sources and of our own components."""

from __future__ import annotations

from artifacts.exceptions.base import RegistryError


class SourceError(RegistryError):
    """A request to a source failed.

    Attributes:
        retry_after_s: how long the source asks us to wait; None if it does not say.
        status: the HTTP status of the failure; None if the cause is something else.
    """

    code = "source_error"

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, status: int | None = None
    ) -> None:
        """Keep how long the source asks us to wait, and its HTTP status."""
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.status = status


class SourceUnavailable(SourceError):
    """A source does not answer, answers nonsense or limits our rate; try again later."""

    code = "source_unavailable"
    retryable = True


class SourceRefused(SourceError):
    """A source says that something does not exist or that we may not have it; this is final."""

    code = "source_refused"


class SourceAbsent(SourceRefused):
    """A source says that something does not exist, or hides it from us."""

    code = "source_absent"


class SourceTooLarge(SourceRefused):
    """A source's answer is larger than the limit; asking again would not change that."""

    code = "source_too_large"


class RequestsSpent(SourceError):
    """No request was left to ask a source for something.

    Attributes:
        is_final: whether nobody asks later, with more requests.
    """

    code = "requests_spent"

    def __init__(self, what: str, *, is_final: bool) -> None:
        """Name what was not asked for, as the end of a sentence."""
        later = "" if is_final else " It is asked for by the task that rates the model again."
        super().__init__(f"No request was left to ask for {what}.{later}")
        self.is_final = is_final


class SourceMismatch(SourceError):
    """What a source sent differs from the size or digest that it stated."""

    code = "source_mismatch"
    # A transfer can be damaged; if a source is wrong each time, the attempts run out.
    retryable = True


class LicenseUnavailable(SourceUnavailable):
    """A project's license cannot be fetched now (contract: 502)."""

    code = "license_unavailable"

    def __init__(self, repository: str, reason: str) -> None:
        """Name the repository and the reason."""
        super().__init__(f"The license of {repository} could not be retrieved. {reason}")
        self.repository = repository


class SizeUnknown(RegistryError):
    """A source states no sizes, and the content is not stored yet (contract: 500)."""

    code = "size_unknown"
    retryable = True

    def __init__(self, artifact_id: str) -> None:
        """Name the artifact and say what to do."""
        super().__init__(
            f"The source of {artifact_id} states no sizes. Ask again when its content is kept."
        )
        self.artifact_id = artifact_id


class StorageUnavailable(RegistryError):
    """The storage does not answer."""

    code = "storage_unavailable"
    retryable = True


class CredentialsEnded(StorageUnavailable):
    """The storage says that the registry's credentials have expired."""

    code = "credentials_ended"

    def __init__(self, word: str) -> None:
        """Quote the storage's own word for it."""
        super().__init__(
            f"The registry's credentials for the bucket have ended ({word}). An operator has to "
            "renew them; new ones that can be had from where the old ones came are used at once."
        )


class StorageUnsuitable(StorageUnavailable):
    """The storage lacks a feature that the registry needs."""

    code = "storage_unsuitable"

    def __init__(self, lacks: str) -> None:
        """Say what it lacks, and where the whole list is."""
        super().__init__(
            f"The registry writes nothing into this bucket: {lacks} An operator has to choose "
            "another S3 server (docs/storage.md); /health/components shows all that was found."
        )


class StorageUnversioned(StorageUnavailable):
    """The storage keeps no versions of objects that were deleted or overwritten."""

    code = "storage_unversioned"
    retryable = False


class StorageFull(StorageUnavailable):
    """The storage is full."""

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
    """The database answers, but is busy, or others hold locks on the rows to be changed."""

    code = "database_busy"


class DatabaseFull(DatabaseUnavailable):
    """The database has no room left."""

    code = "database_full"


class FunctionUnavailable(RegistryError):
    """Lambda does not accept an invocation of one of this registry's functions, or that failed."""

    code = "function_unavailable"
    retryable = True


class FunctionBusy(FunctionUnavailable):
    """As many instances of a function run as may; another invocation may succeed soon."""

    code = "function_busy"


class NotOpen(RegistryError):
    """An operator has closed the registry or some of its functions for a while.

    Attributes:
        retry_after_s: when to ask again; the actual duration is unknown.
    """

    code = "not_open"
    retryable = True

    def __init__(self, message: str, retry_after_s: int) -> None:
        """Keep when to ask again."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RegistryReadOnly(NotOpen):
    """A request would change something while REGISTRY_MODE is read_only."""

    code = "registry_read_only"

    def __init__(self, retry_after_s: int) -> None:
        """Say what still works."""
        super().__init__(
            "The registry is read-only while its operator restores or moves it: searches, reads "
            "and downloads go on, changes do not. Try again later.",
            retry_after_s,
        )


class RegistryClosed(NotOpen):
    """A request came while REGISTRY_MODE is closed."""

    code = "registry_closed"

    def __init__(self, retry_after_s: int) -> None:
        """Say that the registry will return."""
        super().__init__(
            "The registry is closed while its operator restores or moves it. Try again later.",
            retry_after_s,
        )


class InternalError(RegistryError):
    """Something unexpected went wrong; the log has it under the request's id."""

    code = "internal_error"


class NotJoined(RegistryError):
    """Bucket and database come from different times, as after one of them was restored."""

    code = "not_joined"
    retryable = True

    def __init__(self, reason: str) -> None:
        """Say how that was noticed, and what to do."""
        super().__init__(
            f"{reason} Nothing is registered, replaced or cleared away until an operator has "
            "joined bucket and database with `manage.py rebuild_index` (docs/operations.md, "
            "Backup and restore)."
        )
        self.reason = reason


class SourceRegisteredAgain(RecordBroken):
    """A record's artifact has no rows, and another artifact now has its source."""

    code = "source_registered_again"

    def __init__(self, artifact_id: str, source_key: str, holder: str) -> None:
        """Name both artifacts and the possible solutions."""
        super().__init__(
            f"{artifact_id}: its source {source_key} was registered again as {holder}. Delete "
            f"{holder} and rebuild again to have {artifact_id} back, or give it up with "
            f"`manage.py rebuild_index --discard {artifact_id}`. Until then its record stays."
        )
        self.artifact_id, self.source_key, self.holder = artifact_id, source_key, holder
