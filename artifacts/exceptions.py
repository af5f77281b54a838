"""The registry's errors: what went wrong, as data, and what to do about it.

None of them knows HTTP; `artifacts/api/exception_handler.py` gives each its status, in one table.
A message is a sentence for the person who caused the error and says what to do next.
"""

from __future__ import annotations


class RegistryError(Exception):
    """The base of every error that the registry raises on purpose.

    Attributes:
        code: a stable word for programs, sent as `error.code`.
        message: a sentence for people.
        retryable: True when the same thing, asked for again later, may succeed.
    """

    code = "registry_error"
    retryable = False

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__(message)
        self.message = message


# ------------------------------------------------------------------ what was asked is malformed


class InvalidRequest(RegistryError):
    """A body, parameter or header does not have the documented form."""

    code = "invalid_request"


class InvalidName(InvalidRequest):
    """A name is empty, reserved, too long or holds control characters."""

    code = "invalid_name"


class InvalidUrl(InvalidRequest):
    """A source URL is malformed, has credentials in it, or names nothing that can be fetched."""

    code = "invalid_url"


class UnknownHost(InvalidUrl):
    """A source URL names a host that this registry does not fetch from."""

    code = "unknown_host"

    def __init__(self, host: str, allowed: tuple[str, ...]) -> None:
        """Name the host and those that are allowed."""
        super().__init__(
            f"This registry does not fetch from {host!r}. It fetches from: {', '.join(allowed)}. "
            "An operator can add a host with REGISTRY_ALLOWED_HOSTS."
        )
        self.host = host


class InvalidExpression(InvalidRequest):
    """A regular expression is not RE2, too long, or repeats ambiguously."""

    code = "invalid_expression"


class InvalidVersionRange(InvalidRequest):
    """A version is none of `1.2.3`, `1.2.3-2.1.0`, `~1.2.0`, `^1.2.0`."""

    code = "invalid_version_range"


class InvalidOffset(InvalidRequest):
    """An offset was not given out by this registry."""

    code = "invalid_offset"

    def __init__(self) -> None:
        """Say where offsets come from."""
        super().__init__(
            "The offset is unknown. Send the value of the last answer's `offset` header unchanged, "
            "or leave it out for the first page."
        )


class ArchiveRefused(InvalidRequest):
    """An uploaded zip is unsafe or broken."""

    code = "archive_refused"


class TooManyQueries(RegistryError):
    """One listing asks for too much."""

    code = "too_many_artifacts"


class ContentTooLarge(RegistryError):
    """A body or an upload is larger than this registry takes."""

    code = "content_too_large"


# ------------------------------------------------------------------ who asks


class AuthenticationFailed(RegistryError):
    """The token is missing, malformed, unknown, expired or spent."""

    code = "authentication_failed"

    def __init__(self) -> None:
        """Say how to get a token; which of the reasons it was helps only an attacker."""
        super().__init__(
            "The X-Authorization token is missing, expired or spent. "
            "Get a new one with PUT /authenticate."
        )


class CredentialsRefused(RegistryError):
    """User name or password are wrong."""

    code = "credentials_refused"

    def __init__(self) -> None:
        """Never say which of the two it was."""
        super().__init__("The user or password is invalid.")


class PermissionMissing(RegistryError):
    """A known user lacks the permission for this."""

    code = "permission_missing"

    def __init__(self, permission: str) -> None:
        """Name the permission."""
        super().__init__(
            f"This needs the permission {permission!r}. An administrator can grant it."
        )
        self.permission = permission


class ResetForbidden(PermissionMissing):
    """Somebody who is no administrator asked for a reset (the contract answers 401)."""

    code = "reset_forbidden"

    def __init__(self) -> None:
        """Name the role."""
        super().__init__("administrator")


# ------------------------------------------------------------------ what is not there


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
    """A search that must answer 404 when nothing fits found nothing."""

    code = "nothing_found"


class PartNotFound(NotFound):
    """The artifact has no file of the part that was asked for."""

    code = "part_not_found"

    def __init__(self, part: str, present: tuple[str, ...]) -> None:
        """Name the parts that there are."""
        super().__init__(
            f"This artifact has no {part!r} part. It has: {', '.join(present) or 'no files'}."
        )
        self.part = part
        self.present = present


class UserNotFound(NotFound):
    """No user has this name."""

    code = "user_not_found"

    def __init__(self, username: str) -> None:
        """Name the user."""
        super().__init__(f"There is no user named {username!r}.")


class UploadNotFound(NotFound):
    """No upload with this id is waiting to be registered."""

    code = "upload_not_found"

    def __init__(self, upload_id: str) -> None:
        """Name the upload."""
        super().__init__(
            f"There is no upload {upload_id!r} waiting. Start one with POST /uploads, send the "
            "file to the address it answers, then register the upload's url."
        )


class ContentNotKept(NotFound):
    """The bytes of this artifact are not in the registry, on purpose or because fetching failed."""

    code = "content_not_kept"


class NotBuiltYet(RegistryError):
    """The contract has this operation, and this version of the registry does not."""

    code = "not_implemented"


# ------------------------------------------------------------------ what is in the way


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


class UserExists(RegistryError):
    """This user name is taken."""

    code = "user_exists"

    def __init__(self, username: str) -> None:
        """Name the user."""
        super().__init__(f"There is a user named {username!r} already. Choose another name.")


class LastAdministrator(RegistryError):
    """Removing this user would leave nobody who can administer the registry."""

    code = "last_administrator"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            "This is the last administrator. Make another user an administrator first."
        )


class ContentPending(RegistryError):
    """The bytes are still being fetched or bundled.

    Attributes:
        retry_after_s: seconds after which asking again makes sense.
    """

    code = "content_pending"
    retryable = True

    def __init__(self, message: str, retry_after_s: int = 2) -> None:
        """Keep when to ask again."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class GateFailed(RegistryError):
    """The rating does not pass the gate, and `REGISTRY_GATE` is `enforce`."""

    code = "gate_failed"


# ------------------------------------------------------------------ the outside world


class SourceError(RegistryError):
    """A source did not give what was asked of it.

    Attributes:
        retry_after_s: seconds the source asked us to wait, or None when it said nothing.
    """

    code = "source_error"

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        """Keep how long the source wants us to wait."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class SourceUnavailable(SourceError):
    """A source does not answer, answers nonsense or limits our rate: try again later."""

    code = "source_unavailable"
    retryable = True


class SourceRefused(SourceError):
    """A source says that the thing does not exist or that we may not have it: final."""

    code = "source_refused"


class SourceMismatch(SourceError):
    """What a source sent differs from the size or digest that it stated."""

    code = "source_mismatch"
    # A transfer can be damaged on its way; a source that lies each time runs out of attempts.
    retryable = True


# ------------------------------------------------------------------ our own components


class StorageUnavailable(RegistryError):
    """The place where bytes rest does not answer."""

    code = "storage_unavailable"
    retryable = True


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


class DatabaseUnavailable(RegistryError):
    """The database does not answer."""

    code = "database_unavailable"
    retryable = True


class LinkExpired(NotFound):
    """A signed link's time is over, or nobody here signed it."""

    code = "link_expired"

    def __init__(self) -> None:
        """Say how to get another."""
        super().__init__("This link has expired. Ask for the download or upload again.")


class RecordBroken(RegistryError):
    """A record in the bucket cannot be read."""

    code = "record_broken"


class InternalError(RegistryError):
    """Something went wrong that nobody expected; the log has it under the request's id."""

    code = "internal_error"


class MethodNotAllowed(RegistryError):
    """The path exists, but not for this method.

    Attributes:
        allowed: the methods that it exists for.
    """

    code = "method_not_allowed"

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        """Name the methods that there are."""
        super().__init__(f"{method} is not possible here. Possible are: {', '.join(allowed)}.")
        self.allowed = allowed
