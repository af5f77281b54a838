"""Errors about answers that cannot be given in the requested form."""

from __future__ import annotations

from artifacts.exceptions.base import RegistryError


class AnswerTooLarge(RegistryError):
    """An answer has more bytes than the registry may send."""

    code = "answer_too_large"

    def __init__(self, most_bytes: int) -> None:
        """Name the limit and say what to do."""
        super().__init__(
            f"The answer would have over {most_bytes:,} bytes. Ask for less: narrow the question, "
            "or take it page by page where the path has an `offset`."
        )


class PreconditionFailed(RegistryError):
    """A condition of the request does not hold."""

    code = "precondition_failed"

    def __init__(self) -> None:
        """Name the kind of condition."""
        super().__init__(
            "This is not what If-Match or If-Unmodified-Since name any more. Get it anew without "
            "the condition."
        )


class RangeNotSatisfiable(RegistryError):
    """A requested range lies entirely after the end.

    Attributes:
        size_bytes: the size of the content.
    """

    code = "range_not_satisfiable"

    def __init__(self, size_bytes: int) -> None:
        """State the size of the content."""
        super().__init__(f"There are {size_bytes} bytes; the range begins behind them or is empty.")
        self.size_bytes = size_bytes
