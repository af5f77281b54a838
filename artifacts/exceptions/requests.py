"""Errors about requests that are malformed, too large or impossible."""

from __future__ import annotations

from artifacts.exceptions.base import RegistryError


class InvalidRequest(RegistryError):
    """A body, parameter or header does not have the documented form."""

    code = "invalid_request"


class InvalidName(InvalidRequest):
    """A name is empty, reserved, too long or holds control characters."""

    code = "invalid_name"


class Unreadable(InvalidRequest):
    """Text from outside cannot be parsed as the data that it should be."""

    code = "unreadable"


class TooMuchToRead(Unreadable):
    """Judging something would cost more than the limit; the rest is judged without it.

    Attributes:
        try_later: whether a task, which may spend more, will still try it; False means final.
    """

    code = "too_much_to_read"

    def __init__(self, what: str, why: str, *, try_later: bool = False) -> None:
        """Say what was not read, and why.

        Args:
            what: the beginning of a sentence, as in "The README".
            why: its end, as in "it has over 50,000 entries".
        """
        super().__init__(f"{what} is too much to read: {why}.")
        self.try_later = try_later

    @classmethod
    def again(cls, message: str) -> TooMuchToRead:
        """Return the error of an earlier judgement from its stored message."""
        error = cls("", "")
        error.args, error.message = (message,), message
        return error


class InvalidUrl(InvalidRequest):
    """A source URL is malformed, holds credentials, or names nothing that can be fetched."""

    code = "invalid_url"


class UnknownHost(InvalidUrl):
    """A source URL names a host from which this registry does not fetch."""

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


class SearchTooCostly(InvalidRequest):
    """A search took more time than allowed."""

    code = "search_too_costly"

    def __init__(self, budget: str) -> None:
        """Name the budget, as in `1 s of CPU time`, and say how to stay within it."""
        super().__init__(
            f"The search was stopped: it took more than {budget}. Name some text of at least three "
            "letters that has to be there, and repeat less, or list the artifacts page by page "
            "with POST /artifacts."
        )
        self.budget = budget


class InvalidVersionRange(InvalidRequest):
    """A version is none of `1.2.3`, `1.2.3-2.1.0`, `~1.2.0`, `^1.2.0`."""

    code = "invalid_version_range"


class InvalidOffset(InvalidRequest):
    """An offset was not issued by this registry."""

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


class UploadRefused(InvalidRequest):
    """An upload in parts differs from its announcement, or no longer exists."""

    code = "upload_refused"


class PartsMismatch(InvalidRequest):
    """The parts that arrived are not the parts that are to be joined."""

    code = "parts_mismatch"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "A part is missing, or is another than its SHA-256 says. "
            "GET the upload to see which parts are there, and send the others again."
        )


class TooManyQueries(RegistryError):
    """One listing asks for too much."""

    code = "too_many_artifacts"


class TooManyDependencies(RegistryError):
    """An artifact has more dependencies than a cost is computed for."""

    code = "too_many_dependencies"

    def __init__(self, artifact_id: str, most: int) -> None:
        """Name the artifact, the limit, and an alternative."""
        super().__init__(
            f"{artifact_id} rests on more than {most:,} things, too many to add up in one answer. "
            "Ask without dependency=true for its own cost."
        )
        self.artifact_id = artifact_id
        self.most = most


class ContentTooLarge(RegistryError):
    """A body or an upload is larger than this registry accepts."""

    code = "content_too_large"


class HeadersTooLarge(RegistryError):
    """The headers of a request are longer than this registry reads."""

    code = "headers_too_large"

    def __init__(self, max_bytes: int) -> None:
        """Name the limit."""
        super().__init__(
            f"The headers have more than {max_bytes:,} bytes. Delete this site's cookies, or send "
            "fewer or shorter headers."
        )
        self.max_bytes = max_bytes


class RequestTooSlow(RegistryError):
    """A request did not arrive within the time limit."""

    code = "request_too_slow"
    retryable = True

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("The request arrived too slowly. Send it again over a faster line.")


class MethodNotAllowed(RegistryError):
    """The path exists, but not for this method.

    Attributes:
        allowed: the methods for which it exists.
    """

    code = "method_not_allowed"

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        """Name the methods that exist."""
        super().__init__(f"{method} is not possible here. Possible are: {', '.join(allowed)}.")
        self.allowed = allowed
