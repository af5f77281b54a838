import pytest

from artifacts.rules.printed import as_one_line, clean_printed


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("tea\r\n\tmilk\n", "tea\n\tmilk"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("a\u202egpj.exe\u200b\x00", "agpj.exe"),
        ("über 茶 🫖", "über 茶 🫖"),
        ("\ud800x\u2028", "x"),
    ],
)
def test_printed_when_cleaned_then_what_can_be_seen(printed, kept):
    assert clean_printed(printed, 100) == kept


def test_printed_when_long_then_its_end():
    assert clean_printed("a" * 10 + "end", 5) == "aaend"


def test_printed_when_in_one_line_then_no_breaks():
    assert as_one_line("a\n  b\tc", 100) == "a b c"
    assert as_one_line("a\n  b\tc", 3) == "b c"
