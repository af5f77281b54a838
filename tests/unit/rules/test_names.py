import pytest

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_MAX_CHARS
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
