"""Several requests to the bucket at once, where a client waits for thousands."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache, partial
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

from artifacts.limits import BUCKET_REQUESTS_AT_ONCE

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the pool; the first call makes it."""
    return ThreadPoolExecutor(BUCKET_REQUESTS_AT_ONCE, thread_name_prefix="bucket")


def do_each(do: Callable[[_Thing], _Result], things: Collection[_Thing]) -> list[_Result]:
    """Do something with each thing, some at once; return the results in order, or raise an error.

    In either case every call has ended by then: one that continued after the response would be
    frozen with the instance, in mid-transfer.
    """
    if len(things) <= 1:
        return [do(each) for each in things]
    futures = [
        _pool().submit(contextvars.copy_context().run, partial(_with_database, do, each))
        for each in things
    ]
    try:
        return [each.result() for each in futures]
    finally:
        for each in futures:
            each.cancel()
        wait(futures)


def _with_database(do: Callable[[_Thing], _Result], thing: _Thing) -> _Result:
    """Manage the thread's connection: a bucket that overwrites has its writers take turns there.

    It may be lost when it is used again; and on Lambda each of a thousand instances would keep one
    open per thread.
    """
    close_old_connections()
    try:
        return do(thing)
    finally:
        if settings.AWS_LAMBDA_FUNCTION_NAME:
            connection.close()
