"""Ratings and edges, written straight into the tables."""

from typing import Any

from django.utils import timezone

from artifacts.models import Artifact, LineageEdge, Rating
from artifacts.rules.rating.judgement import judge
from artifacts.services.trust.rating import _evidence_data
from tests.factories.evidence import make_evidence


def make_rating(artifact: Artifact, evidence=None, **changes) -> Rating:
    """The current rating of an artifact, as a registration would leave it."""
    evidence = evidence or make_evidence()
    judgement = judge(evidence, {"code": 0.5})
    values = {
        "revision": artifact.current_revision,
        "created_at": timezone.now(),
        "created_by": "ursula",
        "rules_version": 1,
        "category": judgement.category,
        "net_score": judgement.net_score,
        "tree_score": judgement.tree_score,
        "gate": judgement.gate.verdict,
        "gate_reasons": list(judgement.gate.reasons),
        "gate_thresholds": dict(judgement.gate.thresholds),
        "summary": judgement.summary(),
        "results": judgement.results_data(),
        "evidence": _evidence_data(evidence),
        "is_incomplete": bool(judgement.try_later),
    }
    rating = Rating.objects.create(**(values | changes))
    artifact.current_revision.current_rating = rating
    artifact.current_revision.save()
    return rating


def make_edge(child: Artifact, parent: Artifact | str, **changes) -> LineageEdge:
    """An edge to a registered artifact, or to a name that nobody has registered."""
    values: dict[str, Any]
    if isinstance(parent, str):
        values = {
            "parent_type": "model",
            "parent_key": f"huggingface_model:{parent.lower()}",
            "parent_name": parent,
            "parent_url": f"https://huggingface.co/{parent}",
        }
    else:
        values = {
            "parent_type": parent.type, "parent_key": parent.source_key,
            "parent_name": parent.name, "parent": parent,
        }  # fmt: skip
    values |= {"relationship": "base_model", "origin": "model_card"}
    return LineageEdge.objects.create(child=child, **(values | changes))
