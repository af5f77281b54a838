"""Tree score: the mean of the parents, or nothing to say."""

from artifacts.rules.rating.ancestry import ParentFacts
from artifacts.rules.rating.metrics.tree_score import METRIC
from tests.factories.evidence import make_evidence


def test_tree_score_when_parents_are_registered_then_their_mean():
    parents = (ParentFacts("model-1-1", "mother", 0.2), ParentFacts("model-2-2", "father", 0.8))
    result = METRIC.judge(make_evidence(parents=parents))
    assert result.score == 0.5
    assert "father, mother" in result.reason


def test_tree_score_when_no_parent_is_registered_then_not_applicable():
    result = METRIC.judge(make_evidence())
    assert (result.score, result.is_applicable) == (None, False)
