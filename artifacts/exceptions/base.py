"""The base of every error that the registry raises on purpose."""

from __future__ import annotations


class RegistryError(Exception):
    """The base of every error that the registry raises on purpose.

    Attributes:
        code: a stable word for programs, sent as `error.code`.
        message: a sentence for people.
        retryable: whether the same request may succeed later.
    """

    code = "registry_error"
    retryable = False

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__(message)
        self.message = message
