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
    ],
    ids=["plain", "96-characters", "longest", "space-and-slash", "punctuation", "not-latin"],
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
        ("two\nlines", "typed or shown"),
        ("nul\x00", "typed or shown"),
        ("\ud800", "typed or shown"),
        ("right\u202eleft", "typed or shown"),
    ],
    ids=["empty", "blank", "star", "too-long", "line-break", "nul", "surrogate", "direction"],
)
def test_check_name_when_unfit_then_says_why(name, reason):
    with pytest.raises(InvalidName, match=reason):
        check_name(name)
