"""Each threat of the model is answered by code and tried by tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security" / "threat-model.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#]+)\)")
# Id, boundary, threat, answer, code, tests.
COLUMNS = 6
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| [A-Z]\d", line) and line.count("|") == COLUMNS + 1
]


def targets(text: str) -> list[Path]:
    """The files of our own that a text links to."""
    return [
        (PAGE.parent / each).resolve() for each in LINK.findall(text) if not each.startswith("http")
    ]


def test_threats_when_listed_then_of_all_six_kinds_and_each_once():
    ids = [row[0] for row in ROWS]
    assert len(ids) > 30
    assert len(set(ids)) == len(ids)
    assert {each[0] for each in ids} == set("STRIDE")


def test_boundaries_when_drawn_then_each_has_its_row_and_its_threats():
    drawn = set(re.findall(r"\bB\d\b", TEXT.split("```mermaid")[1].split("```")[0]))
    told = set(re.findall(r"^\| (B\d) \|", TEXT, re.MULTILINE))
    assert len(drawn) == 6
    assert drawn == told == {row[1] for row in ROWS}


def test_threat_when_answered_then_by_code_and_tests_that_are_there():
    for row in ROWS:
        code, tests = targets(row[4]), targets(row[5])
        assert code, row[0]
        assert tests, row[0]
        assert all(each.is_file() for each in (*code, *tests)), row[0]
        assert all("tests" not in each.relative_to(ROOT).parts for each in code), row[0]
        assert all("tests" in each.relative_to(ROOT).parts for each in tests), row[0]


def test_page_when_it_links_then_something_is_there():
    found = targets(TEXT)
    assert len(found) > 100
    assert [each for each in found if not each.exists()] == []
