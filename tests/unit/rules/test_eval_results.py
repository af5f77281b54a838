"""Results as data: what is a number, the Hub's files, the model-index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.rules.eval_results import (
    is_number,
    is_results_file,
    read_model_index,
    read_results,
    read_results_file,
)

FILE = """\
# Measured by hand
- dataset: {id: tea/kettles, task_id: default, revision: abc}
  value: 71.5
  date: 2026-01-02
- dataset:
    id: tea/cups
    task_id: blind_tasting
  value: '88.2'
  verifyToken: abc.def
  source: {url: 'https://example.org/cups', name: A page}
  notes: ten tasters
"""


@pytest.mark.parametrize("value", [0, 63.3, -0.2, "93.2", "93.2%", " 12.3 (0.4)", ".5", "1e-3"])
def test_value_when_it_is_a_number_then_a_result(value):
    assert is_number(value)


@pytest.mark.parametrize(
    "value",
    [None, True, "", "  ", [], [0.9], {}, {"en": 0.9}, float("nan"), float("inf"), "nan", "inf",
     "-", "N/A", "TBD", "v1.2", "soon 93", "2026-01-02"],
    ids=repr,
)  # fmt: skip
def test_value_when_it_is_none_then_no_result(value):
    assert not is_number(value)


def test_results_file_when_read_then_each_entry_with_a_number():
    first, second = read_results_file(FILE, ".eval_results/tea.yaml")
    assert (first.benchmark, first.measure, first.value) == ("tea/kettles", "default", "71.5")
    assert (first.has_proof, first.source_url) == (False, "")
    assert (second.has_proof, second.source_url) == (True, "https://example.org/cups")
    assert second.quote == "tea/cups blind_tasting: 88.2"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "- 5", "- {value: .nan}", "- {value: [1]}", "- {value: ''}", "- {value: .inf}",
     "- {dataset: {id: a/b}}", "- {values: 5}"],
)  # fmt: skip
def test_results_file_when_no_entry_has_a_number_then_none(text):
    assert read_results_file(text, "x.yaml") == ()


@pytest.mark.parametrize("text", ["value: 5", "- [", "- &a 1\n- *a", "5"])
def test_results_file_when_it_is_no_list_then_unreadable(text):
    with pytest.raises(Unreadable, match=r"x\.yaml"):
        read_results_file(text, "x.yaml")


@given(st.text(max_size=200))
def test_results_file_when_it_is_anything_then_results_or_unreadable(text):
    try:
        found = read_results_file(text, "x.yaml")
    except (Unreadable, TooMuchToRead):
        return
    assert all(is_number(each.value) for each in found)


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".eval_results/a.yaml", True), (".eval_results/b/c.yml", True),
     ("eval_results/a.yaml", False), (".eval_results/a.json", False),
     ("x/.eval_results/a.yaml", False)],
)  # fmt: skip
def test_path_when_looked_at_then_only_the_hubs_folder(path, expected):
    assert is_results_file(path) is expected


def test_model_index_when_values_are_nothing_then_only_the_numbers():
    values = [0.5, "", [], float("nan"), float("inf"), None, "91 %", {"a": 1}]
    metrics = [{"type": "f1", "name": "F1", "value": each, "verified": True} for each in values]
    results = [{"dataset": {"name": "Tea", "type": "tea"}, "metrics": metrics}]
    found = list(read_model_index({"model-index": [{"results": results}]}))
    assert [each.quote for each in found] == ["Tea F1: 0.5", "Tea F1: 91 %"]
    assert all(each.has_proof for each in found)


def test_kept_results_when_read_again_then_the_same():
    from dataclasses import asdict

    found = read_results_file(FILE, ".eval_results/tea.yaml")
    assert read_results([asdict(each) for each in found]) == found
    assert read_results([{"value": 5}, 7]) == read_results(None) == ()
