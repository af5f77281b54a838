"""HTML inside READMEs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.html import TableReader, addresses, extract_words
from artifacts.rules.readme import parse_readme

TABLE = """<table>
<tr><th>Model</th><th><b>Acc</b></th></tr>
<tr>
<td>one<td>81.5
</tr>

<tr><td>two</td><td>
82.5</td></tr>
</table>
"""
ROWS = (("Model", "Acc"), ("one", "81.5"), ("two", "82.5"))


def test_tables_when_in_pieces_and_careless_then_read():
    reader = TableReader()
    found = [table for piece in TABLE.split("\n\n") for table in reader.feed(piece)]
    assert found == [ROWS]


def test_readme_when_it_has_a_table_in_html_then_with_heading_and_lead():
    readme = parse_readme(f"# Tea\n\nResults:\n\n{TABLE}\nMore.")
    assert [(each.rows, each.section, each.lead) for each in readme.tables] == [
        (ROWS, "Tea", "Results:")
    ]


@pytest.mark.parametrize(
    "html",
    ["<td>x</td>", "<table></table>", "<table><tr></table>", "</table>", "<table><tr><td>open", ""],
)
def test_tables_when_there_is_none_to_read_then_none(html):
    assert TableReader().feed(html) == []


@given(st.lists(st.sampled_from(["<table>", "</table>", "<tr>", "<td>", "</td>", "x", "<", "\n"])))
def test_tables_when_html_is_anything_then_rows_have_cells(pieces):
    reader = TableReader()
    assert all(row for piece in pieces for rows in reader.feed(piece) for row in rows)


def test_words_when_there_are_comments_and_tags_then_without_them():
    assert extract_words("<p>One<!-- <b>no</b> -->two</p><!-- open").split() == ["One", "two"]


def test_addresses_when_in_text_and_attributes_then_each_once():
    text = '<a href="https://a.example/x">x</a> https://b.example/y. https://a.example/x'
    assert addresses(text) == ["https://a.example/x", "https://b.example/y"]


def test_table_when_cells_span_rows_and_columns_then_they_stand_in_each():
    rows = "<tr><th>Suite</th><th>Set</th><th colspan=2>Scores</th></tr>"
    rows += "<tr><td rowspan='2'>Tea</td><td>Cups</td><td>91.5</td><td>90.0</td></tr>"
    rows += "<tr><td>Jars</td><td>88.0</td><td>87.1</td></tr><tr><td>End</td></tr>"
    (table,) = TableReader().feed(f"<table>{rows}</table>")
    assert table == (
        ("Suite", "Set", "Scores", "Scores"),
        ("Tea", "Cups", "91.5", "90.0"),
        ("Tea", "Jars", "88.0", "87.1"),
        ("End",),
    )


def test_table_when_spans_are_hostile_then_rows_stay_short():
    cell = "<td rowspan=99 colspan=99>x</td>"
    (table,) = TableReader().feed(f"<table>{f'<tr>{cell * 50}</tr>' * 50}</table>")
    assert max(map(len, table)) <= 60 + 99 + 50


@pytest.mark.parametrize(
    "rows",
    [
        ["<td rowspan=99 colspan=99>x</td>", *["<td>y</td>"] * 400] * 5,
        ["<td rowspan=99 colspan=9>x</td>"] * 99,
        [f"<td rowspan=99 colspan=99>{'x' * 50_000}</td>", *["<td>y</td>"] * 99],
    ],
)
def test_table_when_spans_are_hostile_then_it_grows_by_little(rows):
    (table,) = TableReader().feed(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    assert sum(map(len, table)) <= len(rows) + 2_500
    assert sum(len(cell) for row in table for cell in row) <= 2 * sum(map(len, rows))
