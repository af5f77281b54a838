"""Questions about ratings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from artifacts.exceptions import ArtifactNotFound, NotFound, RatingIncomplete
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.rating.judgement import unheard

# One query on primary keys, as for reading an artifact: it is asked as often.
_GET = f"""
    SELECT a.name, g.category, g.is_incomplete, g.summary, {{extra}}
    FROM {Artifact._meta.db_table} a
    JOIN {Revision._meta.db_table} r ON r.id = a.current_revision_id
    LEFT JOIN {Rating._meta.db_table} g ON g.id = r.current_rating_id
    WHERE a.id = %s AND a.type = 'model'
"""  # noqa: S608, SLF001  (the tables' names come from the models)
_SHORT = _GET.format(extra="CASE WHEN g.is_incomplete THEN g.results END, NULL, NULL")
_WHOLE = _GET.format(extra="g.results, g.gate, g.gate_reasons")


@dataclass(frozen=True)
class RatingView:
    """A current rating as it is shown.

    Attributes:
        numbers: scores and latencies by the contract's names.
        results: score, reason and facts by metric; {} unless it was asked for.
        gate: the verdict, "" unless results were asked for.
    """

    name: str
    category: str
    numbers: dict[str, Any]
    is_incomplete: bool
    results: dict[str, Any]
    gate: str
    gate_reasons: list[str]


def get_rating(artifact_id: str, *, with_evidence: bool = False) -> RatingView:
    """Return the current rating of a model, in one query.

    Raises:
        ArtifactNotFound: there is no such model.
        NotFound: it has no rating yet.
        RatingIncomplete: a metric could not be computed, and the evidence was not asked for, which
            says which one and why.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE if with_evidence else _SHORT, [artifact_id])
        row = cursor.fetchone()
    if row is None:
        raise ArtifactNotFound("model", artifact_id)
    name, category, is_incomplete, summary, results, gate, gate_reasons = row
    if summary is None:
        raise NotFound(f"{artifact_id} is not rated yet. Ask with ?refresh=true to have it rated.")
    known = _data(results) or {}
    if is_incomplete and not with_evidence:
        raise RatingIncomplete(artifact_id, unheard(known))
    return RatingView(
        name,
        category,
        _data(summary),
        bool(is_incomplete),
        known if with_evidence else {},
        gate or "",
        _data(gate_reasons) or [],
    )


def _data(column: Any) -> Any:
    """Return a JSON column as data: SQLite gives text, psycopg does so too outside of models."""
    return json.loads(column) if isinstance(column, str) else column
