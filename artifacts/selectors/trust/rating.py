"""The current rating of a model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from artifacts.enums import DecisionState, GateVerdict
from artifacts.exceptions import ArtifactNotFound, ArtifactQuarantined, NotFound, RatingIncomplete
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.rating.gate import judge_gate, say_reason
from artifacts.rules.rating.judgement import read_results, unheard

# One query on primary keys, as for reading an artifact: it is asked as often.
_GET = f"""
    SELECT a.name, r.decision, g.category, g.is_incomplete, g.summary, {{extra}}
    FROM {Artifact._meta.db_table} a
    JOIN {Revision._meta.db_table} r ON r.id = a.current_revision_id
    LEFT JOIN {Rating._meta.db_table} g ON g.id = r.current_rating_id
    WHERE a.id = %s AND a.type = 'model'
"""  # noqa: S608, SLF001  (the tables' names come from the models)
_SHORT = _GET.format(extra="CASE WHEN g.is_incomplete THEN g.results END, NULL, NULL, NULL")
_WHOLE = _GET.format(extra="g.results, g.gate, g.gate_reasons, g.gate_thresholds")


@dataclass(frozen=True)
class RatingView:
    """A current rating as it is shown.

    Attributes:
        numbers: scores and latencies by the contract's names.
        is_provisional: whether it is incomplete only because there is more to ask.
        results: score, reason and facts by metric; {} unless it was asked for.
        gate: the verdict, "" unless results were asked for.
        gate_summary: the verdict in numbers, "" unless results were asked for.
        gate_thresholds: by metric, {} unless results were asked for.
    """

    name: str
    category: str
    numbers: dict[str, Any]
    is_incomplete: bool
    is_provisional: bool
    results: dict[str, Any]
    gate: GateVerdict | Literal[""]
    gate_reasons: list[str]
    gate_summary: str
    gate_thresholds: dict[str, float]


def get_rating(
    artifact_id: str, *, with_evidence: bool = False, with_quarantined: bool = False
) -> RatingView:
    """Return the current rating of a model, in one query.

    Raises:
        ArtifactNotFound: there is no such model.
        ArtifactQuarantined: it is in quarantine.
        NotFound: it has no rating yet.
        RatingIncomplete: a metric could not be computed since its source did not answer, and the
            evidence was not asked for, which says which one and why.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE if with_evidence else _SHORT, [artifact_id])
        row = cursor.fetchone()
    if row is None:
        raise ArtifactNotFound("model", artifact_id)
    if row[1] == DecisionState.QUARANTINED and not with_quarantined:
        raise ArtifactQuarantined("model", artifact_id)
    name, _, category, is_incomplete, summary, results, gate, reasons, given = row
    if summary is None:
        raise NotFound(f"{artifact_id} is not rated yet. Ask with ?refresh=true to have it rated.")
    known = _data(results) or {}
    silent = unheard(known) if is_incomplete else {}
    if silent and not with_evidence:
        raise RatingIncomplete(artifact_id, silent)
    finding = judge_gate(read_results(known), _data(given)) if with_evidence else None
    return RatingView(
        name,
        category,
        _data(summary),
        bool(is_incomplete),
        bool(is_incomplete and not silent),
        known if with_evidence else {},
        GateVerdict(gate) if gate else "",
        list(map(say_reason, _data(reasons) or [])),
        finding.summary if finding else "",
        dict(finding.thresholds) if finding else {},
    )


def _data(column: Any) -> Any:
    """Return a JSON column as data: SQLite gives text, psycopg does so too outside of models."""
    return json.loads(column) if isinstance(column, str) else column
