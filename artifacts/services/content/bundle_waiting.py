"""Waiting a moment for what a task makes while a client asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from artifacts.exceptions import ContentPending
from artifacts.limits import DOWNLOAD_POLL_S, DOWNLOAD_WAIT_S
from artifacts.models import Revision
from artifacts.storage.store import is_there
from artifacts.work import queue
from artifacts.work.jobs import Job


def require_bundle(revision: Revision, part: str, key: str) -> None:
    """Make sure that the zip exists; bundles may be deleted at any time and are built again.

    Raises:
        ContentPending: it is being made.
    """
    is_built = partial(is_there, key)
    if is_built():
        return
    queue.schedule_once(
        Job.BUILD_BUNDLE, artifact_id=revision.artifact_id, revision=revision.number, part=part
    )
    if not wait_for(is_built):
        raise ContentPending("The zip of this part is being made. Ask again soon.")


def wait_for(is_done: Callable[[], bool]) -> bool:
    """Poll until something is done, for at most `DOWNLOAD_WAIT_S`."""
    ends_at = time.monotonic() + DOWNLOAD_WAIT_S
    while not is_done():
        if time.monotonic() > ends_at:
            return False
        time.sleep(DOWNLOAD_POLL_S)
    return True
