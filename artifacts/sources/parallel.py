"""Asking several things of a source at once."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

# Threads only wait for sources here; each keeps its connections open for the next registration.
_THREADS = 32


@cache
def _pool() -> ThreadPoolExecutor:
    """Return the pool, made when it is first needed."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="source")


def at_once(*calls: Callable[[], Any]) -> tuple[Any, ...]:
    """Make calls at once and return their results in the order given; the first error is raised."""
    first, *others = calls
    futures = [_pool().submit(contextvars.copy_context().run, call) for call in others]
    # The calling thread does its share of the work.
    return (first(), *(future.result() for future in futures))
