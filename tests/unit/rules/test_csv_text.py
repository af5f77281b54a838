import csv
import io

import pytest

from artifacts.rules.csv_text import write_row


def test_row_when_read_again_then_the_same_cells():
    cells = ["plain", 'a "quoted" one', "a, comma", "two\nlines", "ünï", "-", ""]
    assert next(csv.reader(io.StringIO(write_row(cells), newline=""))) == cells


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\ufeff=1", "\x00=1",
        "|calc", "%0A=1", "\uff1d1+1", "\uff0b1",
        '=HYPERLINK("http://evil.example","x")', "\n=1",
    ],
)  # fmt: skip
def test_cell_when_a_spreadsheet_would_run_it_then_made_text(text):
    cell = next(csv.reader(io.StringIO(write_row([text]), newline="")))[0]
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["bert=base", "1-2", "a@b", "2026-11-30", "-"])
def test_cell_when_harmless_then_as_it_is(text):
    assert write_row([text]) == f'"{text}"\r\n'
