"""The request that is being answered: its id in answers, log lines and errors, and its route."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Where a request keeps its id. No header can forge it: those of clients begin with HTTP_.
_KEY = "registry.request_id"
# A route that no pattern fits: counted together, so that a scan of random paths is one row.
NO_ROUTE = "(no such path)"

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
_request: contextvars.ContextVar[Any] = contextvars.ContextVar("request", default=None)


def current_request_id() -> str:
    """Return the id of the request that is being answered, "-" outside of one."""
    return _request_id.get()


def current_route() -> str:
    """Return the route of the request that is being answered, "-" outside of one."""
    request = _request.get()
    return "-" if request is None else route_of(request)


def id_of(request: Any) -> str:
    """Return the id that a request was given, also once it is answered; "-" without one."""
    return str(getattr(request, "META", {}).get(_KEY, "-"))


def route_of(request: Any) -> str:
    """Return the pattern that a request's path fits. The path itself may hold a signed link."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else NO_ROUTE


@contextmanager
def new_request_id(request: Any = None) -> Iterator[str]:
    """Give a request its id. A client's own id is not taken: it could forge log lines.

    Args:
        request: Django's request; None for a task, which has an id but no route.
    """
    token = _request_id.set(uuid.uuid4().hex)
    request_token = _request.set(request)
    if request is not None:
        request.META[_KEY] = _request_id.get()
    try:
        yield _request_id.get()
    finally:
        _request.reset(request_token)
        _request_id.reset(token)
