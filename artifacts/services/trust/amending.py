"""Putting single results into a kept rating, with all that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from artifacts.enums import GateVerdict
from artifacts.models import Rating
from artifacts.rules.rating.gate import judge_gate
from artifacts.rules.rating.judgement import read_results, result_data, summarise
from artifacts.rules.rating.metric import MetricName, Result
from artifacts.rules.rating.net_score import net_score

AMENDED_FIELDS = ("results", "summary", "net_score", "tree_score", "gate", "gate_reasons")


def amend_rating(rating: Rating, judged: Mapping[MetricName, Result]) -> None:
    """Replace some of a rating's results, without writing it; `AMENDED_FIELDS` change.

    The thresholds are those by which the rating was judged, so that its other reasons stay true.
    """
    for name, result in judged.items():
        rating.results[name] |= result_data(result)
        rating.summary[name] = summarise(name, result)
    results = read_results(rating.results)
    tree = results[MetricName.TREE_SCORE].score
    rating.net_score = net_score(results)
    rating.tree_score = rating.net_score if tree is None else tree
    rating.summary |= {
        "net_score": rating.net_score,
        MetricName.TREE_SCORE.value: rating.tree_score,
    }
    if rating.gate != GateVerdict.EXEMPT:
        scanned = rating.evidence.get("model", {}).get("scanned", ())
        finding = judge_gate(results, rating.gate_thresholds, scanned)
        rating.gate, rating.gate_reasons = finding.verdict, list(finding.reasons)


def tell_scanned(rating: Rating, sentences: Sequence[str]) -> bool:
    """Put what the scan found into a rating and its gate, without writing it.

    Returns:
        Whether the rating said something else; `evidence` and `AMENDED_FIELDS` change then.
    """
    model = rating.evidence.setdefault("model", {})
    if list(model.get("scanned", ())) == list(sentences):
        return False
    model["scanned"] = list(sentences)
    amend_rating(rating, {})
    return True
