"""What is done once a day: clearing away what failures left, linking what missed each other."""

from __future__ import annotations

import logging
from collections.abc import Callable

from artifacts.services import lineage, orphans
from artifacts.services.sign_in_delays import prune_tallies
from artifacts.services.users import fill_name_keys
from artifacts.sources.cache import forget_old_answers
from artifacts.storage.once import forget_lapsed_claims
from artifacts.storage.proof import prove_bucket

logger = logging.getLogger(__name__)


def keep_house() -> None:
    """Take every step; one that fails is reported, keeps no other back, and is taken tomorrow.

    The walk through the bucket comes last, because it may take long enough to be cut off.
    """
    steps: tuple[Callable[[], object], ...] = (
        prove_bucket,
        lineage.link_waiting_edges,
        forget_old_answers,
        forget_lapsed_claims,
        prune_tallies,
        fill_name_keys,
        orphans.remove_orphans,
    )
    for step in steps:
        try:
            step()
        except (
            Exception
        ):  # One step that fails, however, keeps neither the others nor tomorrow's away.
            logger.exception("housekeeping.failed", extra={"step": step.__name__})
