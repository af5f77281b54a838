"""The current request: its id, its route, and what went wrong in it.

The id stands in answers, log lines and errors. A failure is noted here and written once, in the
request's own line; the first note counts, because it is nearest to the cause.
"""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Where a request keeps its id. No header can forge it: clients' headers begin with HTTP_.
_KEY = "registry.request_id"
# The route of paths that match no pattern: one row in the statistics for a scan of random paths.
NO_ROUTE = "(no such path)"


@dataclass(frozen=True)
class Failure:
    """Why a request was not answered as it should have been.

    Attributes:
        event: the event of the request's line, instead of `request.answered`.
        level: the line's level, one of logging's.
        error: the exception whose traceback an operator needs; None if the fields say everything.
    """

    event: str
    level: int
    error: BaseException | None = None
    fields: dict[str, Any] = field(default_factory=dict)


_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
_request: contextvars.ContextVar[Any] = contextvars.ContextVar("request", default=None)
_failure: contextvars.ContextVar[Failure | None] = contextvars.ContextVar("failure", default=None)


def current_request_id() -> str:
    """Return the id of the current request, "-" outside a request."""
    return _request_id.get()


def current_route() -> str:
    """Return the route of the current request, "-" outside a request."""
    request = _request.get()
    return "-" if request is None else get_route_pattern(request)


def get_request_id(request: Any) -> str:
    """Return a request's id, even after its answer; "-" if it has none."""
    return str(getattr(request, "META", {}).get(_KEY, "-"))


def get_route_pattern(request: Any) -> str:
    """Return the pattern that a request's path matches; the path may hold a signed link."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else NO_ROUTE


def note_failure(failure: Failure) -> None:
    """Keep a failure for the log line of the current request."""
    if _failure.get() is None:
        _failure.set(failure)


def noted_failure() -> Failure | None:
    """Return what went wrong in the current request; None if nothing did."""
    return _failure.get()


@contextmanager
def new_request_id(request: Any = None) -> Iterator[str]:
    """Give a request a new id; an id from the client could forge log lines.

    Args:
        request: Django's request; None for a task, which has an id but no route.
    """
    token = _request_id.set(uuid.uuid4().hex)
    request_token = _request.set(request)
    failure_token = _failure.set(None)
    if request is not None:
        request.META[_KEY] = _request_id.get()
    try:
        yield _request_id.get()
    finally:
        _failure.reset(failure_token)
        _request.reset(request_token)
        _request_id.reset(token)
