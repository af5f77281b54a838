"""Rating a model again once its bytes are there, and tell what its file list could not."""

from __future__ import annotations

from contextlib import suppress

from django.db.models import F

from artifacts.database.transactions import writing
from artifacts.exceptions import ArtifactNotFound, RatingIncomplete
from artifacts.models import Rating, Revision
from artifacts.rules.budget import judging
from artifacts.rules.rating.evidence import Evidence, Missing
from artifacts.rules.rating.judgement import unheard
from artifacts.rules.rating.metrics.size_score import METRIC as SIZE
from artifacts.services.records.artifact_records import store_record
from artifacts.services.trust.amending import AMENDED_FIELDS, amend_rating
from artifacts.services.trust.model_facts import read_revision_facts
from artifacts.services.trust.rating import rate_revision, save_late_rating


def judge_size_again(revision: Revision) -> None:
    """Judge the size in a model's rating by what its bytes told.

    At once and without asking a source, so that nobody reads that broken weights fit everywhere
    until the task has rated the model with everything else.
    """
    with writing(), judging():
        rating = (
            Rating.objects.select_for_update(of=("self",))
            .filter(revision_id=revision.pk, revision__current_rating_id=F("pk"))
            .first()
        )
        if rating is None:
            return  # Deleted meanwhile, or not rated yet.
        nothing = Missing("it was not looked at again.")
        evidence = Evidence(read_revision_facts(revision), nothing, nothing, nothing)
        amend_rating(rating, {SIZE.name: SIZE.judge(evidence)})
        rating.save(update_fields=AMENDED_FIELDS)


def rate_examined_model(*, artifact_id: str) -> None:
    """Rate a model with what was found in its files. Called by a task that the mirror schedules.

    Raises:
        RatingIncomplete: a source did not answer, and the rating before was complete; nothing is
            written, and the task tries again later.
    """
    revision = (
        Revision.objects.select_related("artifact", "current_rating")
        .filter(artifact__current_revision_id=F("pk"), artifact_id=artifact_id)
        .first()
    )
    if revision is None:
        return  # Deleted meanwhile.
    rating = rate_revision(revision, "registry")
    known = revision.current_rating
    if rating.is_incomplete and known is not None and not known.is_incomplete:
        raise RatingIncomplete(artifact_id, unheard(rating.results))
    with suppress(ArtifactNotFound):  # Deleted while the sources answered.
        save_late_rating(rating)
        store_record(artifact_id)
