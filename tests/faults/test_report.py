"""The matrix in the documents is the one that is expected."""

from dataclasses import replace

from tests.faults import report, scenarios
from tests.faults.__main__ import DOCUMENT, LANES
from tests.faults.operations import WELL


def test_document_when_read_then_is_what_make_faults_expects():
    # `make faults` holds a real registry to the same table, and writes what it saw.
    assert DOCUMENT.read_text(encoding="utf-8") == report.expected()


def test_lanes_when_added_up_then_run_every_scenario_once():
    run = [each.name for lane in LANES.values() for each in lane]
    assert sorted(run) == sorted(each.name for each in scenarios.ALL)
    assert len(set(run)) == len(run) > 20


def test_table_when_one_answer_differs_then_it_has_a_row_of_its_own():
    scenario = replace(scenarios.STORAGE[0], differs={})
    shown = report.document([(scenario, WELL | {"download": "500 internal_error"})])
    assert "| download | **500 internal_error** |" in shown
    everything = ", ".join(name for name in WELL if name != "download")
    assert f"| {everything} | as ever |" in shown
