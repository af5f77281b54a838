"""How a name looks: names with the same skeleton can hardly be told apart.

Source: Unicode Technical Standard 39, section 4, "Confusable Detection". Its table is read when the
first name outside ASCII is compared, never at a start.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).with_name("confusables.txt")
# Case does not tell names apart, so `i` is as good as the `I` that looks like `l`.
_SAME = str.maketrans("01i|", "olll")
# Letters that together look like one.
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# Digits that stand for letters, when letters are on both sides of them.
_DIGITS = {"3": "e", "4": "a", "5": "s", "7": "t"}


def read_skeleton(text: str) -> str:
    """Return a key for the look of a text, in which case makes no difference."""
    if not text.isascii():
        text = _in_ascii(text)
    drawn = _spell_digits(text.lower()).translate(_SAME)
    for pair, letter in _TOGETHER:
        drawn = drawn.replace(pair, letter)
    return drawn


def look_of_ascii(letter: str) -> str:
    """Return the letter that stands in skeletons for one letter or digit of ASCII."""
    return letter.lower().translate(_SAME)


def _in_ascii(text: str) -> str:
    """Return a text without accents, each letter that looks like one of ASCII replaced by that."""
    table = _load()
    letters = unicodedata.normalize("NFKD", text)
    return "".join(
        table.get(ord(each), each) for each in letters if not unicodedata.combining(each)
    ).casefold()


def _spell_digits(text: str) -> str:
    """Return a text with digits between letters replaced by the letters that they stand for."""
    if text.isalpha():
        return text
    for digit, letter in _DIGITS.items():
        at = text.find(digit)
        while at >= 0:
            if text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha():
                text = text[:at] + letter + text[at + 1 :]
            at = text.find(digit, at + 1)
    return text


@lru_cache(maxsize=1)
def _load() -> dict[int, str]:
    """Return the table: code points by the letter that they look like."""
    found: dict[int, str] = {}
    for line in _DATA.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            letter, *points = line.split(" ")
            found |= {int(each, 16): letter for each in points}
    return found
