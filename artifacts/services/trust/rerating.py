"""Rating models again whose ratings are by older rules, a few at a time.

A release with new rules finds ratings that do not compare with its own. The daily work begins a
pass over all models; a task rates some of them and schedules the next one after a pause, so that
other tasks have their turn and the sources are not hammered. Each new rating is a row of its own:
the old one stays as history. A pass that ends early begins again the next day with what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from django.db import Error

from artifacts.enums import TaskState
from artifacts.exceptions import ArtifactNotFound, RegistryError
from artifacts.limits import (
    EVIDENCE_DEADLINE_S,
    RERATED_AT_ONCE_MAX,
    RERATING_HUB_REQUESTS_MAX,
    RERATING_PAUSE_S,
    RERATING_REST_S,
)
from artifacts.models import Artifact, Task
from artifacts.models.walks import walk
from artifacts.rules.rating.judgement import RULES_VERSION
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.rating import rate_current, save_late_rating
from artifacts.sources.huggingface.client import hub
from artifacts.sources.inquiry import Inquiry
from artifacts.work import clock, queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


def begin_rerating() -> None:
    """Begin a pass over all models, unless one is under way or nothing is left to do."""
    is_due = not queue.is_under_way(Job.RERATE_MODELS)
    if is_due and next(_walk_outdated(""), None) is not None:
        queue.schedule(Job.RERATE_MODELS, after_id="")


def rerate_models(*, after_id: str) -> None:
    """Rate the next models of a pass again, and schedule the ones after them.

    Called by its task. Run twice, it finds the models rated, and goes on behind them.

    Args:
        after_id: the last artifact that the pass has seen, "" at its beginning.
    """
    batch = list(islice(_walk_outdated(after_id), RERATED_AT_ONCE_MAX))
    renewed = asked = 0
    for artifact_id in batch:
        clock.check_time()
        inquiry = Inquiry(EVIDENCE_DEADLINE_S, is_patient=True)
        renewed += _try_to_renew(artifact_id, inquiry)
        asked += inquiry.count_answers(hub().base_url)
        clock.note_kept()
    is_last = len(batch) < RERATED_AT_ONCE_MAX
    logger.info(
        "ratings.renewed",
        extra={"renewed": renewed, "left": len(batch) - renewed, "is_last": is_last},
    )
    waiting = Task.objects.filter(name=Job.RERATE_MODELS, state=TaskState.READY)
    if not is_last and not waiting.exists():
        # A batch of which nothing became anything shows that the sources do not answer.
        pause_s = _find_pause_s(asked) if renewed else RERATING_REST_S
        queue.schedule_later(Job.RERATE_MODELS, delay_s=pause_s, after_id=batch[-1])


def _find_pause_s(asked: int) -> float:
    """Return how long to wait after a number of requests, so that the Hub is not hammered."""
    return max(1.0, asked / RERATING_HUB_REQUESTS_MAX) * RERATING_PAUSE_S


def _try_to_renew(artifact_id: str, inquiry: Inquiry) -> bool:
    """Rate a model again; one that cannot be rated must not keep the others from it."""
    try:
        return renew_rating(artifact_id, inquiry)
    except (RegistryError, Error):
        # Of the registry itself, such as a database that is lost: the task is tried again.
        raise
    except Exception:
        logger.exception("rating.failed", extra={"artifact": artifact_id})
        return False


def renew_rating(artifact_id: str, inquiry: Inquiry) -> bool:
    """Rate a model again whose current rating is by older rules.

    Returns:
        False if it was deleted or rated meanwhile, or if a source did not answer: then a complete
        rating by older rules tells more than an incomplete one, and nothing is written.
    """
    outdated = Artifact.objects.filter(
        id=artifact_id, current_revision__current_rating__rules_version__lt=RULES_VERSION
    )
    if not outdated.exists():
        return False
    with suppress(ArtifactNotFound):  # Deleted while the sources answered.
        rating = rate_current(artifact_id, "registry", inquiry)
        known = rating.revision.current_rating
        if rating.is_incomplete and known is not None and not known.is_incomplete:
            return False
        save_late_rating(rating)
        store_record(artifact_id)
        return True
    return False


def _walk_outdated(after_id: str) -> Iterator[str]:
    """Yield the ids of models whose current rating is by older rules, in their order.

    All artifacts are read, a bounded number with each statement: hardly any model is outdated, or
    all are, and only models have ratings.
    """
    rating = "current_revision__current_rating"
    artifacts = (
        Artifact.objects.visible()
        .filter(pk__gt=after_id)
        .select_related(rating)
        .only("pk", "current_revision__id", f"{rating}__rules_version")
    )
    for artifact in walk(artifacts):
        revision = artifact.current_revision
        known = revision.current_rating if revision else None
        if known is not None and known.rules_version < RULES_VERSION:
            yield artifact.id
