import csv
import io
import sys
import unicodedata

import pytest

from artifacts.rules.csv_text import write_row


def test_row_when_read_again_then_the_same_cells():
    cells = ["plain", 'a "quoted" one', "a, comma", "two\nlines", "ünï", "-", ""]
    assert next(csv.reader(io.StringIO(write_row(cells), newline=""))) == cells


@pytest.mark.parametrize(
    ("before", "formula"),
    [
        ("", "=1+1"), ("", "+1"), ("", "-1+1"), ("", "@SUM(1)"), ("\t", "=1"), ("\r", "=1"),
        (" ", "=1"), ("\u00a0", "=1"), ("\ufeff", "=1"), ("\x00", "=1"), ("", "|calc"),
        ("", "%0A=1"), ("", "\uff1d1+1"), ("", "\uff0b1"), ("\n", "=1"), ("\u3164\u202e", "=1"),
        ("", '=HYPERLINK("http://evil.example","x")'),
    ],
)  # fmt: skip
def test_cell_when_a_spreadsheet_would_run_it_then_made_text(before, formula):
    cell = next(csv.reader(io.StringIO(write_row([before + formula]), newline="")))[0]
    assert cell == f"{before}'{formula}"


def is_nothing(letter: str) -> bool:
    """Whether a letter shows nothing, so that a spreadsheet may skip it."""
    return unicodedata.category(letter)[0] in "ZC"


@pytest.mark.slow
def test_cell_when_any_letter_that_shows_nothing_stands_before_a_formula_then_made_text():
    letters = [chr(code) for code in range(sys.maxunicode + 1) if is_nothing(chr(code))]
    assert len(letters) > 1_000
    assert [each for each in letters if "'" not in write_row([f"{each}=1"])] == []


@pytest.mark.slow
def test_cell_when_its_first_sign_means_a_formulas_in_any_width_then_made_text():
    signs = [
        chr(code)
        for code in range(0x80, sys.maxunicode + 1)
        if unicodedata.normalize("NFKC", chr(code))[:1] in set("=+-@|%")
    ]
    assert len(signs) > 10
    assert [each for each in signs if "'" not in write_row([f"{each}1"])] == []


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r\n", '";', ';"', ';""', "; \u3000"])
def test_cell_when_another_separator_would_begin_a_formula_inside_then_made_text(separator):
    # Where a comma stands in numbers, spreadsheets end cells at semicolons, and then quotation
    # marks inside of a line protect nothing.
    cell = next(csv.reader(io.StringIO(write_row([f"a{separator}=1"]), newline="")))[0]
    assert cell == f"a{separator}'=1"


@pytest.mark.parametrize(
    "text", ["bert=base", "1-2", "a@b", "2026-11-30", "-", "a; b", "a;\tb", "x\ny"]
)
def test_cell_when_harmless_then_as_it_is(text):
    assert write_row([text]) == f'"{text}"\r\n'
