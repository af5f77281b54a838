"""Lambda's SnapStart: one start is frozen, and any number of instances wake up from that picture.

Whatever a process holds at that moment they all hold: a connection would have many owners and no
other end, credentials would have ended, and numbers drawn by chance would be the same everywhere.
So what must not be frozen is let go before, and made anew after. Where nothing is frozen, nothing
of this happens (docs/decisions/0030-python-and-snapshots.md).
"""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Callable

_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE"


def close_connections() -> None:
    """Leave the database; each instance connects for itself."""
    from django.db import connections

    connections.close_all()


def forget_clients() -> None:
    """Drop the clients of Amazon's services with their connections and their credentials."""
    from artifacts import functions
    from artifacts.storage import store

    store.forget_store()
    functions.forget_client()
    # Their sessions, which keep the credentials, hold themselves; and what the start had left of
    # such is among what is never looked at again (lambda_handler.py).
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def forget_secrets() -> None:
    """Forget the secrets that are kept elsewhere; those in variables are Lambda's to keep."""
    from registry_site import secret_refresh

    secret_refresh.forget_secrets()


def read_secrets() -> None:
    """Read them again: there may have been a rotation since."""
    from registry_site import secret_refresh

    secret_refresh.refresh_secrets()


def seed_chance() -> None:
    """Give this instance a chance of its own. Secrets and ids come from the system anyway."""
    random.seed()


def begin_counting() -> None:
    """Count from now: the picture may be days old."""
    from artifacts.services.trust import searches
    from artifacts.services.upkeep import activity

    activity.begin()
    searches.begin()


Step = Callable[[], None]
# In this order. Whatever else a start comes to hold has its line in the first list, and in the
# second how it is there again.
BEFORE_SNAPSHOT: tuple[Step, ...] = (close_connections, forget_secrets, forget_clients)
AFTER_RESTORE: tuple[Step, ...] = (read_secrets, seed_chance, begin_counting)


def take_part() -> None:
    """Have Lambda call those steps, where this process is going to be frozen."""
    if os.environ.get(_TYPE) != "snap-start":
        return
    # A module of Lambda's runtime, from Python 3.12 on.
    from snapshot_restore_py import register_after_restore, register_before_snapshot

    register_before_snapshot(before_snapshot)
    register_after_restore(after_restore)


def before_snapshot() -> None:
    """Let go of what must not be frozen."""
    for step in BEFORE_SNAPSHOT:
        step()


def after_restore() -> None:
    """Become an instance of one's own."""
    for step in AFTER_RESTORE:
        step()
