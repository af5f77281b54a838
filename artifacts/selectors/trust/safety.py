"""What pages say about loading a model safely."""

from __future__ import annotations

from artifacts.models import Artifact, Rating
from artifacts.rules.rating.metric import MetricName


def list_dangers(artifact: Artifact) -> tuple[str, ...] | None:
    """Return what makes a model unsafe to load, as sentences that its rating found.

    Returns:
        None if nobody looked: it is no model, is not rated yet, or was rated by older rules.
    """
    revision = artifact.current_revision
    return list_rating_dangers(revision.current_rating if revision else None)


def list_rating_dangers(rating: Rating | None) -> tuple[str, ...] | None:
    """Return the same of a rating, written or not."""
    results = rating.results.get(MetricName.REPRODUCIBILITY, {}) if rating else {}
    found = results.get("facts", {}).get("safety")
    return None if found is None else tuple(found.values())
