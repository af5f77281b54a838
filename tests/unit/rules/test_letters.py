import pytest

from artifacts.rules.letters import find_letter_fault, spell_out_unseen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("robot-7", "robot-7"),
        ("机器人 روبوت", "机器人 روبوت"),
        ("\u202egpj.exe", "[U+202E]gpj.exe"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\nb\x00", "a[U+000A]b[U+0000]"),
        ("\U000e0041", "[U+E0041]"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
    ids=["plain", "scripts", "override", "zero width", "controls", "tag", "joined emoji"],
)
def test_name_when_it_holds_what_is_not_seen_then_that_is_spelt_out(text, shown):
    assert spell_out_unseen(text) == shown
    assert find_letter_fault(shown) == ""
    assert (find_letter_fault(text) == "") == (text == shown)
