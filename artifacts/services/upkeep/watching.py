"""Checking every minute whether bucket and database still belong together."""

from __future__ import annotations

import logging

from django.utils import timezone

from artifacts.database import modes
from artifacts.exceptions import NotJoined, RecordBroken, StorageUnavailable
from artifacts.limits import DELETE_BATCH_KEYS
from artifacts.services.records.artifact_records import read_reset_us
from artifacts.services.records.generation import check_generation, has_begun, turn_generation
from artifacts.services.upkeep.unjoined import find_unjoined

logger = logging.getLogger(__name__)


def watch_generation() -> None:
    """Compare bucket and database; the finding makes registrations refuse.

    Does nothing while the registry is not open: its operator may be restoring either, and nothing
    is being registered.
    """
    if not modes.is_open():
        return
    try:
        check_generation()
        if not has_begun():
            _begin()
    except NotJoined:
        return  # The finding is in the row and in the log.
    except (StorageUnavailable, RecordBroken) as error:
        logger.warning("generation.unknown", extra={"reason": error.message})


def _begin() -> None:
    """Begin the first generation of a new registry, or of one from a release without generations.

    From now on an older database is recognised, such as a dump that somebody restores because the
    update went wrong. A bucket of such a release keeps no numbers, so all records are walked once
    to make sure that this database is not already an older one.

    Raises:
        NotJoined: it is.
    """
    find_unjoined(read_reset_us(), timezone.now(), DELETE_BATCH_KEYS)
    turn_generation()
