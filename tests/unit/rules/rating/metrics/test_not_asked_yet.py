"""What no request was left for is provisional: neither absent nor a source's failure."""

from dataclasses import replace

import pytest

from artifacts.rules.rating.evidence import CommitFacts, Missing
from artifacts.rules.rating.judgement import judge, unasked, unheard
from tests.factories.evidence import make_code, make_reviews, rich_evidence

NOT_YET = Missing("No request was left to ask for it.", is_to_be_asked=True)
METRICS = ("bus_factor", "reviewedness", "code_quality", "dataset_and_code_score")


def results(**changes):
    return judge(replace(rich_evidence(), **changes), {}).results_data()


@pytest.mark.parametrize(
    ("changes", "waiting"),
    [
        ({"contributors": NOT_YET}, {"bus_factor"}),
        ({"reviews": NOT_YET}, {"reviewedness"}),
        ({"reviews": make_reviews(is_to_be_asked=True)}, {"reviewedness"}),
        ({"files": NOT_YET}, {"code_quality", "dataset_and_code_score"}),
        ({}, set()),
    ],
    ids=["people", "reviews", "older reviews", "files", "nothing"],
)
def test_judge_when_part_of_the_code_was_not_asked_for_then_what_rests_on_it_is_provisional(
    changes, waiting
):
    found = results(code=make_code(**changes))
    assert set(unasked(found)) == waiting
    assert unheard(found) == {}


def test_judge_when_the_code_was_not_asked_for_then_all_about_it_is_provisional():
    found = results(code=NOT_YET)
    assert set(unasked(found)) == set(METRICS)
    assert unheard(found) == {}
    assert found["reviewedness"]["is_applicable"]
    assert found["code_quality"]["reason"] == NOT_YET.reason


def test_judge_when_people_are_not_asked_for_then_those_of_the_history_count_until_then():
    found = results(
        code=make_code(contributors=NOT_YET), commits=CommitFacts({"ada": 3, "bob": 3})
    )["bus_factor"]
    assert found["facts"]["people"] == 2
    assert found["is_provisional"]
    assert "not listed" not in found["reason"]
    nobody = results(code=make_code(contributors=NOT_YET), commits=Missing("It has none."))
    assert nobody["bus_factor"]["score"] is None
    assert nobody["bus_factor"]["is_provisional"]
