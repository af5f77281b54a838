"""The daily work: clearing up after failures, linking missed edges, beginning new ratings."""

from __future__ import annotations

import logging
from collections.abc import Callable

from artifacts.database import modes, outages
from artifacts.services.access.people_records import forget_old_people_records, store_people
from artifacts.services.access.sign_in_delays import prune_tallies
from artifacts.services.access.users import fill_name_keys
from artifacts.services.hub.pulling import forget_old_pulls
from artifacts.services.hub.repositories import remove_empty_repositories
from artifacts.services.lineage import edges
from artifacts.services.records.generation import turn_generation
from artifacts.services.records.global_records import store_globals
from artifacts.services.trust.look_alikes import audit_names
from artifacts.services.trust.rerating import begin_rerating
from artifacts.services.trust.rescanning import begin_scanning
from artifacts.services.trust.searches import forget_old_searches
from artifacts.services.upkeep import orphans
from artifacts.sources.cache import forget_old_answers
from artifacts.storage.once import forget_lapsed_claims
from artifacts.storage.proof import prove_bucket

logger = logging.getLogger(__name__)


def keep_house() -> None:
    """Run every step. A step that fails is logged and runs again tomorrow; the others still run.

    The walk through the bucket comes last, since it may take long enough to be cut off. While the
    registry is not open nothing runs: objects that are being restored may look like orphans.
    """
    if not modes.is_open():
        logger.info("housekeeping.paused")
        return
    steps: tuple[Callable[[], object], ...] = (
        prove_bucket,
        edges.link_waiting_edges,
        forget_old_answers,
        forget_lapsed_claims,
        prune_tallies,
        forget_old_pulls,
        fill_name_keys,
        store_people,
        store_globals,
        forget_old_people_records,
        outages.forget_old_outages,
        turn_generation,
        begin_rerating,
        begin_scanning,
        forget_old_searches,
        audit_names,
        remove_empty_repositories,
        orphans.remove_orphans,
    )
    for step in steps:
        try:
            step()
        except Exception:
            # Whatever fails in one step must not keep the others from running.
            logger.exception("housekeeping.failed", extra={"step": step.__name__})
