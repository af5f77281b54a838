"""Lineage and rating in an artifact's record, and restoring them as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from artifacts.models import Artifact, Rating, Revision
from artifacts.services.lineage.edges import link_arrival, save_edges
from artifacts.services.lineage.parent_links import ParentLink

_RATING_FIELDS = (
    "created_by", "rules_version", "category", "net_score", "tree_score", "gate", "gate_reasons",
    "gate_thresholds", "summary", "results", "evidence", "is_incomplete",
)  # fmt: skip


def trust_record(parents: Iterable[ParentLink], rating: Rating | None) -> dict[str, Any]:
    """Return lineage and current rating as data; only the database keeps earlier ratings."""
    return {
        "parents": [asdict(each) for each in parents],
        "rating": rating
        and {field: getattr(rating, field) for field in _RATING_FIELDS}
        | {"created_at": rating.created_at.isoformat()},
    }


def restore_rating(revision: Revision, record: dict[str, Any]) -> None:
    """Write the rating that a record holds, if the artifact is rated."""
    kept = record.get("rating")
    if not kept:
        return
    rating = Rating.objects.create(
        revision=revision,
        created_at=datetime.fromisoformat(kept["created_at"]),
        **{field: kept[field] for field in _RATING_FIELDS if field in kept},
    )
    revision.current_rating = rating
    revision.save(update_fields=["current_rating"])


def restore_lineage(artifact: Artifact, record: dict[str, Any]) -> None:
    """Write the edges that a record holds, and link the edges that waited for this artifact.

    Ignores fields that another version of the registry wrote.
    """
    known = {each.name for each in fields(ParentLink)}
    parents = [
        ParentLink(**{name: value for name, value in each.items() if name in known})
        for each in record.get("parents", ())
    ]
    save_edges(artifact=artifact, parents=parents)
    link_arrival(artifact)
