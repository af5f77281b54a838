import pytest

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_MAX_CHARS
from artifacts.rules.letters import find_letter_fault
from artifacts.rules.names import check_name


@pytest.mark.parametrize(
    "name",
    [
        "bert",
        "a" * 95 + "b",
        "a" * NAME_MAX_CHARS,
        "hugging face/lerobot",
        "100%+x?#&'\"[x]",
        "名前",
        "نموذج",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "क्\u200dष",
        "👩\u200d💻",
        "❤\ufe0f",
        "\u2139\ufe0f",
        "1\ufe0f\u20e3",
        "葛\U000e0100",
    ],
    ids=[
        "plain",
        "96-characters",
        "longest",
        "space-and-slash",
        "punctuation",
        "not-latin",
        "arabic",
        "persian",
        "hindi",
        "emoji",
        "emoji-selector",
        "letter-selector",
        "keycap",
        "kanji-selector",
    ],
)
def test_check_name_when_typable_then_kept_exactly(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("*", "reserved"),
        ("a" * (NAME_MAX_CHARS + 1), str(NAME_MAX_CHARS)),
        ("two\nlines", "control"),
        ("nul\x00", "control"),
        ("\ud800", "control"),
        ("right\u202eleft", "direction of writing"),
        ("be\u200drt", "seen"),
        ("bert\u200b", "seen"),
        ("\ufeffbert", "seen"),
        ("\u200d", "seen"),
        ("priv\ue000ate", "typed or shown"),
    ],
    ids=[
        "empty",
        "blank",
        "star",
        "too-long",
        "line-break",
        "nul",
        "surrogate",
        "direction",
        "joined-by-nothing",
        "zero-width-space",
        "byte-order-mark",
        "nothing-else",
        "private",
    ],
)
def test_check_name_when_unfit_then_says_why(name, reason):
    with pytest.raises(InvalidName, match=reason):
        check_name(name)


UNSEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u2800\u3164\ufe00\ufe0f\uffa0\ufff0"
    "\U00016fe4\U000e0000\U000e0100\U000e01ef\U000e0fff"
)


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda letter: f"{ord(letter):04x}")
def test_letters_when_drawn_as_nothing_then_found_though_python_prints_them(letter):
    assert "seen" in find_letter_fault(f"bert{letter}")
    assert "seen" in find_letter_fault(f"{letter}bert")


def test_letters_when_a_selector_selects_nothing_then_found():
    assert "seen" in find_letter_fault("❤\ufe0f\ufe0f")
    assert "seen" in find_letter_fault("1\ufe0f")
    assert "seen" in find_letter_fault("\u3164\ufe0f")
