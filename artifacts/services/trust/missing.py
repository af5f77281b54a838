"""Why facts are missing, by the error that says so."""

from __future__ import annotations

import logging

from artifacts.exceptions import (
    RequestsSpent,
    SourceAbsent,
    SourceError,
    SourceTooLarge,
    TooMuchToRead,
)
from artifacts.rules.rating.evidence import Missing

logger = logging.getLogger(__name__)


def missing(error: SourceError) -> Missing:
    """Return why facts are missing that a source did not give."""
    logger.info("evidence.missing", extra={"reason": error.message})
    if isinstance(error, RequestsSpent):
        return Missing(error.message, is_to_be_asked=not error.is_final)
    # Only "does not exist" and "too large" are answers. A loop of redirects or refused credentials
    # say nothing about the model, and an operator may mend them.
    is_final = isinstance(error, SourceAbsent | SourceTooLarge)
    return Missing(error.message, try_later=not is_final)


def unread_facts(error: TooMuchToRead) -> Missing:
    """Return why facts are missing that an unread README or card may name."""
    return Missing(
        f"it may be named where it was not read. {error.message}", try_later=error.try_later
    )
