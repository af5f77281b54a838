"""The id of the request that is being answered: in its answer, its log lines and its errors."""

from __future__ import annotations

import contextvars
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


def current_request_id() -> str:
    """Return the id of the request that is being answered, "-" outside of one."""
    return _request_id.get()


@contextmanager
def new_request_id() -> Iterator[str]:
    """Give a request its id. A client's own id is not taken: it could forge log lines."""
    token = _request_id.set(uuid.uuid4().hex)
    try:
        yield _request_id.get()
    finally:
        _request_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts the request's id on each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; keep every record."""
        record.request_id = current_request_id()
        return True
