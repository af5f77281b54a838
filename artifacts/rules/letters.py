"""The one rule for letters in names: of artifacts, files, branches, tags. Free text may have any.

What is not seen makes two names look alike, and what turns the direction of writing shows a name as
another ("Trojan Source", CVE-2021-42574). Letters of every script stay, with the joiners that
Persian, the scripts of India and families of emoji are written with.

Source: Unicode Technical Standard 39, "Unicode Security Mechanisms"; RFC 5892, appendix A.1 and A.2
(where a joiner means something).
"""

from __future__ import annotations

import unicodedata

# Marks, embeddings, overrides and isolates of direction.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS = frozenset("\u200c\u200d")
# Controls, halves of surrogate pairs, and what formats text and is not seen: zero-width spaces, the
# byte order mark, soft hyphens, tags.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Letters without case, marks on letters (the virama), emoji and their colours of skin: what can
# stand on the two sides of a joiner. Latin, Greek and Cyrillic letters are joined by nothing.
_JOINED = frozenset(("Lo", "Lm", "Mn", "Mc", "So", "Sk"))


def _spans(*spans: tuple[str, str]) -> frozenset[str]:
    """Return the characters of spans, the ends included."""
    return frozenset(chr(code) for low, high in spans for code in range(ord(low), ord(high) + 1))


# Choose how the sign before them is drawn, and are drawn as nothing where it has one form only.
_SELECTORS = _spans(
    ("\u180b", "\u180d"), ("\u180f", "\u180f"), ("\ufe00", "\ufe0f"),
    ("\U000e0100", "\U000e01ef"),
)  # fmt: skip
_SELECTED = frozenset(("Lo", "So", "Sm", "Po", "Pd"))
# The one emoji that is a letter with case.
_INFORMATION = "\N{INFORMATION SOURCE}"
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
# Drawn as nothing, though they are letters, marks and symbols, and Python calls most of them
# printable: joiners, fillers, selectors, an empty cell of Braille, and what Unicode has set aside
# for more of the kind (`Default_Ignorable_Code_Point`, with the cell).
DRAWN_AS_NOTHING = _SELECTORS | _spans(
    ("\u034f", "\u034f"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5"), ("\u2065", "\u2065"),
    ("\u2800", "\u2800"), ("\u3164", "\u3164"), ("\uffa0", "\uffa0"), ("\ufff0", "\ufff8"),
    ("\U00016fe4", "\U00016fe4"), ("\U000e0000", "\U000e00ff"), ("\U000e01f0", "\U000e0fff"),
)  # fmt: skip


def fault_of_letters(name: str) -> str:
    """Say what is wrong with the letters of a name, "" for nothing.

    Returns:
        The end of a sentence, as in "holds letters that turn the direction of writing".
    """
    # Printable text has none of them; that is all but a few names, and quickly seen.
    if name.isprintable() and DRAWN_AS_NOTHING.isdisjoint(name):
        return ""
    for place, letter in enumerate(name):
        if letter in _BIDI:
            return "holds letters that turn the direction of writing"
        if letter in JOINERS:
            if not _joins(name, place):
                return "holds letters that cannot be seen"
        elif letter in DRAWN_AS_NOTHING:
            if not _selects(name, place):
                return "holds letters that cannot be seen"
        elif (category := unicodedata.category(letter)) in _UNSEEN:
            return (
                "holds letters that cannot be seen"
                if category == "Cf"
                else "holds control characters"
            )
    return ""


def _joins(name: str, place: int) -> bool:
    """Whether a joiner stands between two characters that can be joined."""
    around = name[max(place - 1, 0) : place] + name[place + 1 : place + 2]
    return len(around) == 2 and all(  # noqa: PLR2004  (one on each side)
        unicodedata.category(each) in _JOINED for each in around
    )


def _selects(name: str, place: int) -> bool:
    """Whether a letter selects a form of the sign before it: of an emoji, a keycap, a kanji."""
    before = name[max(place - 1, 0) : place]
    if name[place] not in _SELECTORS or not before:
        return False
    if before.isascii():
        return name[place + 1 : place + 2] == _KEYCAP
    is_selected = before == _INFORMATION or unicodedata.category(before) in _SELECTED
    return is_selected and before not in DRAWN_AS_NOTHING
