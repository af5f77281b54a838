"""How good this model's parents are."""

from __future__ import annotations

import math
from collections.abc import Sequence

from artifacts.rules.rating.ancestry import ParentFacts
from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.evidence import Evidence
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown


def judge(evidence: Evidence) -> Result:
    """Return the mean net score of the registered parents."""
    return judge_parents(evidence.parents)


def judge_parents(parents: Sequence[ParentFacts]) -> Result:
    """Judge parents alone: they change independently of the other evidence."""
    if not parents:
        return unknown(
            "No parent of the model is registered here: its own net score stands in.",
            is_applicable=False,
        )
    mean = math.fsum(each.net_score for each in parents) / len(parents)
    names = ", ".join(sorted(each.name for each in parents))
    return scored(
        rounded(mean),
        f"The mean net score of the registered models that it was made from: {names}.",
        {each.artifact_id: each.net_score for each in parents},
    )


METRIC = Metric(
    name=MetricName.TREE_SCORE,
    sentence="The mean net score of the registered models that this one was made from.",
    scale=Scale(
        zero="Its parents score 0.",
        middle="Its parents score 0.5 in the mean.",
        one="Its parents score 1.",
        unknown="No parent is registered: the API answers the model's own net score, which is "
        "neutral.",
    ),
    sources=("Requirement C1; Hugging Face, Model Cards (base_model)",),
    judge=judge,
    uses=("parents",),
)
