"""Several requests to the bucket at once, where a client waits for thousands."""

from __future__ import annotations

import contextvars
import threading
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
    # The threads take one after the other. A future for each of thousands would cost more than what
    # is done, and that time is other requests'.
    left = iter(enumerate(things))
    answers: dict[int, _Result] = {}
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set() and (found := next(left, None)) is not None:
            number, thing = found
            try:
                answers[number] = do(thing)
            except BaseException:
                is_over.set()
                raise

    futures = [
        _pool().submit(contextvars.copy_context().run, partial(_with_database, work))
        for _ in range(min(BUCKET_REQUESTS_AT_ONCE, len(things)))
    ]
    try:
        wait(futures)
    finally:
        # Whoever is interrupted leaves nothing behind that goes on.
        is_over.set()
        wait(futures)
    for each in futures:
        each.result()
    return [answers[number] for number in range(len(things))]


def _with_database(work: Callable[[], None]) -> None:
    """Manage the thread's connection: a bucket that overwrites has its writers take turns there.

    It may be lost when it is used again; and on Lambda each of a thousand instances would keep one
    open per thread.
    """
    close_old_connections()
    try:
        work()
    finally:
        if settings.AWS_LAMBDA_FUNCTION_NAME:
            connection.close()
