"""Asking several things of a source at once."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

# Threads only wait for sources here; each keeps its connections open for the next registration.
_THREADS = 32


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the pool, made when it is first needed."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="source")


def at_once(*calls: Callable[[], Any]) -> tuple[Any, ...]:
    """Make calls at once and return their results in the order given; the first error is raised.

    In either case every call has ended by then: what went on after the answer would be frozen with
    the instance, in the middle of a word.
    """
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
    """Do for a thread of the pool what Django does for one that answers requests.

    A connection that this thread opened may be lost by the time it is used again; and on Lambda
    each of a thousand instances would keep one for every thread.
    """
    close_old_connections()
    try:
        return call()
    finally:
        if settings.AWS_LAMBDA_FUNCTION_NAME:
            connection.close()
