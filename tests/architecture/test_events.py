"""The table of events in docs/events.md is what the code writes."""

import re

from django.conf import settings

from tests.events import stated_levels, written_events

DOCUMENT = (settings.BASE_DIR / "docs/events.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (\w+(?:, \w+)*) \|", DOCUMENT, flags=re.MULTILINE)


def test_events_when_compared_with_the_table_then_each_is_in_the_other():
    assert len(ROWS) > 50
    assert [name for name, _ in ROWS] == sorted(written_events())


def test_events_when_listed_then_at_the_levels_of_the_code():
    told = {name: set(levels.split(", ")) for name, levels in ROWS}
    stated = stated_levels()
    assert len(stated) > 50
    assert {name: told[name] for name in stated} == stated


def test_events_when_an_alarm_counts_them_then_the_table_says_so():
    template = (settings.BASE_DIR / "deployment/alarms.yaml").read_text(encoding="utf-8")
    counted = set(re.findall(r'\$\.message = "([^"]+)"', template))
    told = {
        name for name, rest in re.findall(r"^\| `([^`]+)` \|(.*)$", DOCUMENT, flags=re.MULTILINE)
        if "alarm" in rest
    }  # fmt: skip
    assert told == counted
