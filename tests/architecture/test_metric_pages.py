"""The metrics' pages are those of the metrics as they are."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.pages import index_page, metric_page

PAGES = Path(__file__).resolve().parents[2] / "docs" / "metrics"
FIRST = METRICS[0]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_page_when_compared_with_its_metric_then_up_to_date(metric):
    page = (PAGES / f"{metric.name}.md").read_text(encoding="utf-8")
    assert page == metric_page(metric), "Run `make docs`."


def test_index_when_compared_then_up_to_date_and_nothing_is_left_over():
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index_page(METRICS)
    names = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    assert names == {metric.name for metric in METRICS}


@pytest.mark.parametrize("part", ["zero", "middle", "one", "unknown"])
def test_page_when_a_metric_lacks_its_scale_then_refused(part):
    lacking = replace(FIRST, scale=replace(FIRST.scale, **{part: ""}))
    with pytest.raises(ValueError, match="does not say what its numbers mean"):
        metric_page(lacking)


def test_page_when_a_metric_lacks_sources_then_refused():
    with pytest.raises(ValueError, match=FIRST.name):
        metric_page(replace(FIRST, sources=()))


def test_command_when_run_then_a_page_for_each(tmp_path, capsys):
    call_command("write_metric_pages", str(tmp_path))
    assert len(list(tmp_path.glob("*.md"))) == len(METRICS) + 1
    assert "Wrote" in capsys.readouterr().out
