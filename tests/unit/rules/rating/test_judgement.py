"""The net score, the gate, the numbers of the API, and failures that stay contained."""

from typing import Any

import pytest

from artifacts.rules.rating import judgement as module
from artifacts.rules.rating.ancestry import ParentFacts
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.judgement import judge, read_results
from artifacts.rules.rating.metric import Metric, Result, scored, unknown
from artifacts.rules.rating.net_score import WEIGHTS, net_score
from tests.factories.evidence import (
    LATER,
    make_dataset,
    make_evidence,
    make_model,
    rich_evidence,
)


def all_at(score: float, **others: Result) -> Any:
    results: dict[Any, Result] = {metric.name: scored(score, "So.") for metric in METRICS}
    results["size_score"] = scored(score, "So.", parts={"desktop_pc": score})
    return results | others


def test_weights_when_added_then_one_and_only_metrics():
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert set(WEIGHTS) < {metric.name for metric in METRICS}


@pytest.mark.parametrize("score", [0.0, 0.3, 1.0])
def test_net_score_when_all_are_equal_then_that(score):
    assert net_score(all_at(score)) == pytest.approx(score)


def test_net_score_when_one_is_unknown_then_it_counts_as_zero():
    weights: Any = WEIGHTS
    results = all_at(1.0, license=unknown("Nothing is stated."))
    assert net_score(results) == pytest.approx(1 - weights["license"])


def test_net_score_when_one_does_not_apply_then_it_is_left_out():
    results = all_at(0.8, reviewedness=unknown("No code.", is_applicable=False))
    assert net_score(results) == pytest.approx(0.8)


def test_summary_when_nothing_is_known_then_numbers_only():
    summary = judge(make_evidence(), {}).summary()
    numbers = [each for name, each in summary.items() if name != "size_score"]
    assert all(isinstance(each, float | int) for each in numbers)
    assert set(summary["size_score"].values()) == {0.0}
    assert summary["reviewedness"] == -1.0
    assert summary["tree_score"] == summary["net_score"]


def test_summary_when_all_is_known_then_every_field_of_the_contract():
    summary = judge(rich_evidence(), {}).summary()
    names = {metric.name for metric in METRICS} | {"net_score"}
    assert set(summary) == names | {f"{name}_latency" for name in names}
    assert summary["net_score"] > 0.9


def test_latencies_when_gathering_took_time_then_the_metrics_that_used_it_have_it():
    latencies_s = judge(rich_evidence(), {"code": 2.0, "datasets": 1.0, "commits": 0.5}).latencies_s
    assert latencies_s["code_quality"] >= 2.0
    assert 1.0 <= latencies_s["dataset_quality"] < 2.0
    assert latencies_s["license"] < 0.5
    assert latencies_s["net_score"] >= 2.0


def test_judge_when_a_source_is_silent_then_the_metrics_say_so():
    judgement = judge(make_evidence(code=LATER, datasets=(make_dataset(),)), {})
    assert set(judgement.try_later) == {
        "bus_factor", "dataset_and_code_score", "code_quality", "reviewedness",
    }  # fmt: skip
    assert all("GitHub sleeps" in reason for reason in judgement.try_later.values())


def test_judge_when_a_metric_fails_then_only_its_score_is_unknown(monkeypatch, caplog):
    def fail(_evidence):
        raise ZeroDivisionError

    broken = [
        Metric(**{**vars(each), "judge": fail}) if each.name == "license" else each
        for each in METRICS
    ]
    monkeypatch.setattr(module, "METRICS", broken)
    judgement = judge(rich_evidence(), {})
    assert judgement.results["license"].score is None
    assert judgement.results["bus_factor"].score is not None
    assert "metric.failed" in caplog.text


def test_results_when_kept_as_data_then_they_come_back():
    evidence = make_evidence(make_model(license="mit"), parents=(ParentFacts("m-1-1", "m", 0.4),))
    judgement = judge(evidence, {})
    assert read_results(judgement.results_data()) == judgement.results


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_scored_when_out_of_range_then_refused(score):
    with pytest.raises(ValueError, match="not between"):
        scored(score, "So.")
    with pytest.raises(ValueError, match="not between"):
        scored(0.5, "So.", parts={"desktop_pc": score})


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_metric_when_shown_to_people_then_it_says_what_its_numbers_mean(metric):
    scale = metric.scale
    for words in (metric.title, metric.sentence, scale.zero, scale.middle, scale.one):
        assert len(words) > 3
    assert scale.unknown
    assert metric.sources
