"""Template, document and code say the same of what watches the registry."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from artifacts import exceptions
from artifacts.database.errors import Fault
from registry_site.logs import LineFormatter
from tests.events import written_events
from tests.filter_patterns import compared, matches

TEMPLATE_PATH = settings.BASE_DIR / "deployment/alarms.yaml"
DOCUMENT = (settings.BASE_DIR / "docs/alarms.md").read_text(encoding="utf-8")
RESOURCES = yaml.safe_load(TEMPLATE_PATH.read_text(encoding="utf-8"))["Resources"]
FILTERS = {
    name: each["Properties"]
    for name, each in RESOURCES.items()
    if each["Type"] == "AWS::Logs::MetricFilter"
}
ALARMS = {
    each["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${FunctionName}-"): each["Properties"]
    for each in RESOURCES.values()
    if each["Type"] == "AWS::CloudWatch::Alarm"
}
SEVERITIES = {"Page": "Pages.", "Morning": "Waits."}
# What CreateStack takes in its body, in bytes.
TEMPLATE_MAX_BYTES = 51_200


def described() -> dict[str, str]:
    """The document's sections of alarms, each with its text."""
    parts = re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def line(event: str, **fields: str) -> str:
    record = logging.LogRecord("artifacts.any", logging.WARNING, "", 0, event, None, None)
    vars(record).update(fields)
    return LineFormatter("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)


@pytest.mark.slow
def test_template_when_linted_then_nothing_is_wrong():
    program = Path(sys.executable).with_name("cfn-lint")
    ended = subprocess.run([program, TEMPLATE_PATH], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert TEMPLATE_PATH.stat().st_size < TEMPLATE_MAX_BYTES


def test_alarms_when_compared_with_the_document_then_each_is_in_the_other():
    assert len(ALARMS) > 20
    assert sorted(described()) == sorted(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_alarm_when_described_then_its_severity_its_reason_and_what_to_do_first(name):
    alarm, text = ALARMS[name], described()[name]
    assert alarm["AlarmDescription"].endswith(f" docs/alarms.md#{name}")
    (topic,) = [each["Ref"] for each in alarm["AlarmActions"]]
    assert alarm["OKActions"] == alarm["AlarmActions"]
    # One of both, which the linter does not demand.
    assert ("Statistic" in alarm) != ("ExtendedStatistic" in alarm)
    assert text.strip().startswith(SEVERITIES[topic])
    for word in ("**When**", "**Means**", "**First**"):
        assert word in text


@pytest.mark.parametrize("name", FILTERS)
def test_filter_when_it_counts_lines_then_the_code_writes_them_in_this_form(name):
    pattern = FILTERS[name]["FilterPattern"]
    texts = compared(pattern)
    (event,) = texts.pop("message")
    # Of lines that are the registry's own; all else is one of Lambda's or a library's.
    assert event in written_events()
    known = {
        "fault": {fault.name.lower() for fault in Fault},
        "code": {getattr(each, "code", "") for each in vars(exceptions).values()},
    }
    fields = {field: sorted(known[field]) for field in texts}
    assert all(texts[field] <= known[field] for field in texts)
    # Every line of the event that can be, of which some are counted, and no line of another event.
    lines = [line(event, **{f: value}) for f, values in fields.items() for value in values]
    counted = [each for each in lines or [line(event)] if matches(pattern, each)]
    assert counted
    assert lines == [] or len(counted) < len(lines)
    named = {each for each in written_events() if matches(pattern, line(each, fault="lost"))}
    assert named <= {event}
    assert not matches(pattern, "[ERROR] EventFailed: no JSON")


def test_filters_when_listed_then_each_metric_has_an_alarm_and_each_own_metric_a_filter():
    counted = {
        FILTERS[name]["MetricTransformations"][0]["MetricName"]: FILTERS[name] for name in FILTERS
    }
    own = {each["MetricName"] for each in ALARMS.values() if isinstance(each["Namespace"], dict)}
    assert own == set(counted)
    assert {name.removesuffix("Filter") for name in FILTERS} == own


def test_filter_when_it_takes_a_number_then_the_line_has_that_field():
    (value,) = {each["MetricTransformations"][0]["MetricValue"] for each in FILTERS.values()} - {
        "1"
    }
    assert value == "$.overdue_s"
    (path,) = written_events()["tasks.counted"]
    assert '"overdue_s"' in (settings.BASE_DIR / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "fields", "expected"),
    [
        ('{ $.a = "x" }', {"a": "x"}, True),
        ('{ $.a = "x" }', {"a": "y"}, False),
        ('{ $.a = "x" }', {}, False),
        ('{ $.a != "x" }', {"a": "y"}, True),
        ('{ ($.a = "x") && (($.b = "1") || ($.b = "2")) }', {"a": "x", "b": "2"}, True),
        ('{ ($.a = "x") && (($.b = "1") || ($.b = "2")) }', {"a": "x", "b": "3"}, False),
        ('{ $.a = "x" || $.a = "y" && $.b = "1" }', {"a": "x", "b": "2"}, True),
    ],
)
def test_pattern_when_tried_then_as_cloudwatch_would(pattern, fields, expected):
    assert matches(pattern, json.dumps(fields)) is expected
