"""What a rating takes from other models, brought up to date when those change."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import F

from artifacts.database.transactions import writing
from artifacts.enums import ArtifactType
from artifacts.models import LineageEdge, Rating
from artifacts.models.walks import walk
from artifacts.rules.budget import judging
from artifacts.rules.rating.metric import MetricName
from artifacts.rules.rating.metrics.license import judge_license
from artifacts.rules.rating.metrics.tree_score import judge_parents
from artifacts.services.lineage.edges import schedule_followers
from artifacts.services.lineage.parent_links import read_parent_links
from artifacts.services.trust.amending import AMENDED_FIELDS, amend_rating
from artifacts.services.trust.evidence import registered_bases, registered_parents
from artifacts.services.trust.model_facts import read_revision_facts


def follow_parent(*, parent_key: str) -> None:
    """Update what a model's children take from it: tree score, license, and the verdicts.

    Called by its task after the parent was registered, rated again or deleted. Licenses bind all
    the way down, so a child whose ancestors changed has its own children updated by a task. A
    circle ends once each of its members knows the others.
    """
    edges = LineageEdge.objects.filter(parent_type=ArtifactType.MODEL, parent_key=parent_key)
    for child_id in (edge.child_id for edge in walk(edges.only("child_id"))):
        with writing():
            rating = (
                Rating.objects.select_for_update(of=("self",))
                .filter(revision__artifact__current_revision=F("revision"))
                .filter(revision__current_rating=F("id"), revision__artifact_id=child_id)
                .first()
            )
            if rating is not None and _set_parents(rating, child_id):
                schedule_followers(rating.revision.artifact.source_key)


def _set_parents(rating: Rating, artifact_id: str) -> bool:
    """Judge again what depends on other models: tree score and license, and what follows.

    Returns:
        Whether its ancestors or its net score changed, on which its own children depend.
    """
    links = read_parent_links(artifact_id)
    parents, bases = registered_parents(links), registered_bases(links, artifact_id)
    before = rating.evidence.get("bases"), rating.net_score
    with judging():
        license_ = judge_license(read_revision_facts(rating.revision, with_files=False), bases)
    amend_rating(
        rating, {MetricName.TREE_SCORE: judge_parents(parents), MetricName.LICENSE: license_}
    )
    rating.evidence["parents"] = [asdict(each) for each in parents]
    rating.evidence["bases"] = [asdict(each) for each in bases]
    rating.save(update_fields=[*AMENDED_FIELDS, "evidence"])
    return before != (rating.evidence["bases"], rating.net_score)
