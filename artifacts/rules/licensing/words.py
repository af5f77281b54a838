"""A license text as the words that matter, so that two copies of it compare equal.

Source: SPDX License List, matching guidelines (SPDX Specification, annex B): case, white space,
punctuation, marks of comments and lists, signs of copyright and spellings make no difference.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass, field

from artifacts.rules.budget import judging

_WHAT = "The license text"
# Words of whole texts that differ between copies: schemes and hosts of addresses, tags of HTML.
_IGNORED = frozenset(("br", "http", "https", "p", "www"))
# The guideline's list of equivalent words, and plurals that copies mix.
_SAME = {
    "acknowledgement": "acknowledgment", "analogue": "analog", "analyse": "analyze",
    "artefact": "artifact", "authorisation": "authorization", "authorised": "authorized",
    "calibre": "caliber", "cancelled": "canceled", "catalogue": "catalog", "centre": "center",
    "favour": "favor", "favourite": "favorite", "fulfil": "fulfill",
    "initialise": "initialize", "judgement": "judgment", "labelling": "labeling",
    "labour": "labor", "licence": "license", "licences": "licenses", "maximise": "maximize",
    "modelled": "modeled", "modelling": "modeling", "offence": "offense", "optimise": "optimize",
    "organisation": "organization", "organise": "organize", "practise": "practice",
    "programme": "program", "realise": "realize", "recognise": "recognize",
    "redistributions": "redistribution", "signalling": "signaling", "utilisation": "utilization",
    "whilst": "while",
}  # fmt: skip
_SIGNS = str.maketrans(
    {"\xa9": " copyright ", "&": " and "}
    | dict.fromkeys("-\u2010\u2011'\u2019\u2018`")  # hyphens and apostrophes
)
_NUMERALS = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"))
_BULLET_ENDS = (".", ")", "]", ":")
_NUMBER_MAX_CHARS = 6
# A polynomial over a Mersenne prime: the hash of any run of words follows from two prefixes.
_PRIME, _BASE = (1 << 61) - 1, 0x1F3D5B79_5A7C3E1D % ((1 << 61) - 1)
_HASH_MASK = 0xFFFFFFFF


@dataclass
class Words:
    """The words of a text.

    Attributes:
        words: in normal form.
        pieces: the text between its blanks.
        piece_numbers, line_numbers: of each word, where it stands.
    """

    words: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    piece_numbers: list[int] = field(default_factory=list)
    line_numbers: list[int] = field(default_factory=list)
    _prefixes: list[int] = field(default_factory=list)
    _windows: dict[int, dict[int, list[int]]] = field(default_factory=dict)

    def quote(self, start: int, end: int) -> str:
        """Return the text of the words from `start` up to `end`."""
        if start >= end:
            return ""
        first, last = self.piece_numbers[start], self.piece_numbers[end - 1]
        return " ".join(self.pieces[first : last + 1])

    def hash_at(self, start: int, count: int) -> int:
        """Return the hash of `count` words; `start + count` may not exceed their number."""
        prefixes = self._hash_prefixes()
        value = prefixes[start + count] - prefixes[start] * pow(_BASE, count, _PRIME)
        return value % _PRIME & _HASH_MASK

    def find(self, hash_: int, count: int, start: int, end: int) -> int:
        """Return where `count` words with a hash begin, at `start` or later; -1 for nowhere.

        Args:
            end: they have to end there or before.
        """
        if count > end - start:  # Most texts beside a license are short.
            return -1
        places = self._places(count).get(hash_, ())
        at = bisect_left(places, start)
        return places[at] if at < len(places) and places[at] + count <= end else -1

    def _places(self, count: int) -> dict[int, list[int]]:
        """Return where each run of so many words begins, by its hash."""
        known = self._windows.get(count)
        if known is None:
            known = {}
            power = pow(_BASE, count, _PRIME)
            prefixes = self._hash_prefixes()
            with judging() as budget:
                budget.spend(_WHAT)
            pairs = zip(prefixes, prefixes[count:], strict=False)
            for start, (before, after) in enumerate(pairs):
                value = (after - before * power) % _PRIME & _HASH_MASK
                known.setdefault(value, []).append(start)
            self._windows[count] = known
        return known

    def _hash_prefixes(self) -> list[int]:
        """Return the hash of each beginning of the words."""
        if not self._prefixes:
            value, prefixes = 0, [0]
            for word in self.words:
                value = (value * _BASE + zlib.crc32(word.encode()) + 1) % _PRIME
                prefixes.append(value)
            self._prefixes = prefixes
        return self._prefixes


def read_words(text: str) -> Words:
    """Return the words of a text in normal form."""
    found = Words()
    with judging() as budget:
        for number, line in enumerate(budget.each(text.splitlines(), _WHAT)):
            for piece in line.split():
                found.pieces.append(piece)
                _add(found, piece, number)
    return found


def _add(found: Words, piece: str, line_number: int) -> None:
    """Add the words of a piece of text, none for a bullet."""
    lower = piece.lower()
    before = found.pieces[-2] if len(found.pieces) > 1 else ""
    is_continued = bool(found.words) and before.endswith("-") and before[-2:-1].isalpha()
    if _is_bullet(lower):
        return
    for part in _without_numbers(lower).translate(_SIGNS).split():
        for split in _split(part):
            if split in _IGNORED:
                continue
            word = split
            if is_continued:
                # A word that the end of a line divides, or a blank after a hyphen.
                word = found.words.pop() + word
                is_continued = False
                del found.piece_numbers[-1], found.line_numbers[-1]
            word = _SAME.get(word, word)
            if word == "owner" and found.words[-1:] == ["copyright"]:
                word = "holder"
            if word == "copyright" and found.words[-1:] == [word]:
                continue  # Its word and its sign.
            found.words.append(word)
            found.piece_numbers.append(len(found.pieces) - 1)
            found.line_numbers.append(line_number)


def _is_bullet(piece: str) -> bool:
    """Whether a piece numbers an item, as `1.`, `(a)`, `iv)` and `2.1.` do."""
    inside = piece.strip("()[]{}.:*_#")
    if inside == piece or not (piece.startswith("(") or piece.rstrip("*_").endswith(_BULLET_ENDS)):
        return False
    if len(inside) == 1 or inside in _NUMERALS:
        return inside.isalnum()
    return len(inside) <= _NUMBER_MAX_CHARS and inside.replace(".", "").isdecimal()


def _without_numbers(piece: str) -> str:
    """Return a piece without the number of an item before it, and those of items in brackets.

    `1.Definitions` is "definitions", and `2(a)(4)` is "2", as it is with a blank inside.
    """
    bare = piece.lstrip("0123456789.)")
    number = piece[: len(piece) - len(bare)]
    if bare[:1].isalpha() and number.endswith((".", ")")):
        piece = bare
    if "(" not in piece:
        return piece
    before, *groups = piece.split("(")
    kept = [each for each in groups if not _is_bullet(f"({each.rstrip('.,;:')}")]
    return "(".join((before, *kept))


def _split(part: str) -> list[str]:
    """Return the runs of letters and digits in a piece."""
    if part.isalnum():
        return [part]
    return "".join(each if each.isalnum() else " " for each in part).split()
