"""The one rule for letters in names: of artifacts, files, branches, tags. Free text may have any.

Invisible characters make two names look alike, and characters that change the writing direction
display a name as another ("Trojan Source", CVE-2021-42574). Letters of every script are allowed,
with the joiners that Persian, the scripts of India and families of emoji need.

Source: Unicode Technical Standard 39, "Unicode Security Mechanisms"; RFC 5892, appendix A.1 and A.2
(where a joiner has a meaning).
"""

from __future__ import annotations

import unicodedata

# Direction marks, embeddings, overrides and isolates.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS = frozenset("\u200c\u200d")
# Controls, halves of surrogate pairs, and invisible format characters: zero-width spaces, the byte
# order mark, soft hyphens, tags.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# What may stand on either side of a joiner: letters without case, marks on letters (the virama),
# emoji and their skin tones. Latin, Greek and Cyrillic letters are never joined.
_JOINED = frozenset(("Lo", "Lm", "Mn", "Mc", "So", "Sk"))


def _spans(*spans: tuple[str, str]) -> frozenset[str]:
    """Return the characters of spans, including both ends."""
    return frozenset(chr(code) for low, high in spans for code in range(ord(low), ord(high) + 1))


# They choose how the sign before them is drawn, and are invisible where it has only one form.
_SELECTORS = _spans(
    ("\u180b", "\u180d"), ("\u180f", "\u180f"), ("\ufe00", "\ufe0f"),
    ("\U000e0100", "\U000e01ef"),
)  # fmt: skip
_SELECTED = frozenset(("Lo", "So", "Sm", "Po", "Pd"))
# The one emoji that is a letter with case.
_INFORMATION = "\N{INFORMATION SOURCE}"
_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
# Invisible, though they are letters, marks and symbols, and Python calls most of them printable:
# joiners, fillers, selectors, the empty cell of Braille, and what Unicode reserves for more of them
# (`Default_Ignorable_Code_Point`, plus the cell).
DRAWN_AS_NOTHING = _SELECTORS | _spans(
    ("\u034f", "\u034f"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5"), ("\u2065", "\u2065"),
    ("\u2800", "\u2800"), ("\u3164", "\u3164"), ("\uffa0", "\uffa0"), ("\ufff0", "\ufff8"),
    ("\U00016fe4", "\U00016fe4"), ("\U000e0000", "\U000e00ff"), ("\U000e01f0", "\U000e0fff"),
)  # fmt: skip


def find_letter_fault(name: str) -> str:
    """Say what is wrong with the letters of a name, "" for nothing.

    Returns:
        The end of a sentence, as in "holds letters that turn the direction of writing".
    """
    if is_plain(name):
        return ""
    return next((fault for place in range(len(name)) if (fault := _fault(name, place))), "")


def spell_out_unseen(text: str) -> str:
    """Return a text for people, with each letter that names may not hold replaced by its code.

    A page that shows `gpj.exe` where the name is `\u202eexe.jpg` would deceive its reader.
    """
    if is_plain(text):
        return text
    return "".join(
        f"[U+{ord(letter):04X}]" if _fault(text, place) else letter
        for place, letter in enumerate(text)
    )


def without_unseen(text: str) -> str:
    """Return a text without the letters that cannot be seen, such as marks of writing direction.

    Word processors and chats copy them along; for the reader they are not there.
    """
    if is_plain(text):
        return text
    return "".join(
        each for each in text if unicodedata.category(each) != "Cf" and each not in DRAWN_AS_NOTHING
    )


def is_plain(text: str) -> bool:
    """Whether no letter can be at fault: a quick check that all but a few names pass."""
    return text.isprintable() and DRAWN_AS_NOTHING.isdisjoint(text)


def _fault(name: str, place: int) -> str:
    """Say what is wrong with one letter, "" for nothing."""
    letter = name[place]
    if letter in _BIDI:
        return "holds letters that turn the direction of writing"
    if letter in JOINERS:
        return "" if _joins(name, place) else "holds letters that cannot be seen"
    if letter in DRAWN_AS_NOTHING:
        return "" if _selects(name, place) else "holds letters that cannot be seen"
    category = unicodedata.category(letter)
    if category not in _UNSEEN:
        return ""
    return "holds letters that cannot be seen" if category == "Cf" else "holds control characters"


def _joins(name: str, place: int) -> bool:
    """Whether a joiner stands between two characters that can be joined."""
    around = name[max(place - 1, 0) : place] + name[place + 1 : place + 2]
    return len(around) == 2 and all(  # noqa: PLR2004  (one on each side)
        unicodedata.category(each) in _JOINED for each in around
    )


def _selects(name: str, place: int) -> bool:
    """Whether a letter selects a form of the sign before it: an emoji, a keycap or a kanji."""
    before = name[max(place - 1, 0) : place]
    if name[place] not in _SELECTORS or not before:
        return False
    if before.isascii():
        return name[place + 1 : place + 2] == _KEYCAP
    is_selected = before == _INFORMATION or unicodedata.category(before) in _SELECTED
    return is_selected and before not in DRAWN_AS_NOTHING
