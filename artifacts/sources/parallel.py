"""Sending several requests to a source at once."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

from artifacts.sources import silence

# The threads only wait for sources; each keeps its connections open for the next registration.
_THREADS = 32


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the pool; the first call makes it."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="source")


def at_once(*calls: Callable[[], Any]) -> tuple[Any, ...]:
    """Make calls at once; return their results in the given order, or raise the first error.

    In either case every call has ended by then: one that continued after the response would be
    frozen with the instance, in mid-transfer.
    """
    # Read here, where there is a connection; the threads of the pool rely on it.
    silence.look()
    first, *others = calls
    futures = [
        _pool().submit(contextvars.copy_context().run, partial(_with_database, call))
        for call in others
    ]
    try:
        # The calling thread does its share of the work.
        return (first(), *(future.result() for future in futures))
    finally:
        for future in futures:
            future.cancel()
        wait(futures)


def _with_database(call: Callable[[], Any]) -> Any:
    """Manage a pool thread's database connection as Django does for request threads.

    A connection that this thread opened may be lost when it is used again; and on Lambda each of a
    thousand instances would keep one open per thread.
    """
    close_old_connections()
    try:
        return call()
    finally:
        if settings.AWS_LAMBDA_FUNCTION_NAME:
            connection.close()
