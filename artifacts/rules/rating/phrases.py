"""What two cards have in common: the sets of their phrases, and a few marks to find cards by.

Source: Broder, On the resemblance and containment of documents (1997): shingles of words, and the
smallest of their hashes as a sketch.
"""

from __future__ import annotations

import hashlib
import heapq
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from artifacts.rules.budget import judging
from artifacts.rules.letters import without_unseen
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.metrics.ramp_up_time import TEMPLATE
from artifacts.rules.readme import parse_readme

_WHAT = "The README"
_WORD = Pattern(r"\w+")
# Words of a phrase: few enough to survive a changed name nearby, enough to be nobody's idiom.
_PHRASE_WORDS = 4
# Letters of Cyrillic and Greek that look like Latin ones: a copy with them has other words to
# programs only (Unicode Technical Standard 39, "Confusable Detection").
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf"
    "\u03b1\u03bf\u03bd\u03c1\u03b9\u03ba\u03c5",
    "aeopcyxijshdqwlaovpiku",
)
# Lines of fewer words are labels, cells and settings, which programs write into many cards.
_LINE_MIN_WORDS = 7
# Sentences that training programs write into each card.
_GENERATED = Pattern(
    r"(?im)^.*(?:has been generated automatically|achieves the following results"
    r"|hyper-?parameters were used|is a fine-?tuned version of|optimizer|has been trained using"
    r"|maps sentences & paragraphs|when you have sentence-transformers installed"
    r"|without sentence-transformers|for an automated evaluation of this model"
    r"|created using mergekit|was merged using|was converted to|refer to the original model card"
    r"|trained model of an?).*$"
)
# Cards with fewer phrases of their own say too little to tell whose they are.
PHRASES_MIN = 30
# A quarter of the marks in common finds what shares half of its text, nearly always.
MARKS_MAX = 32
MARKS_IN_COMMON_MIN = 6
_HASH_BYTES = 8


# Cached, since a card is compared with several and marked.
@lru_cache(maxsize=16)
def read_phrases(text: str) -> frozenset[int]:
    """Return the hashed phrases of a card's own sentences, none for a card with too few.

    Raises:
        TooMuchToRead: the budget is used up.
    """
    phrases: set[int] = set()
    with judging() as budget:
        for section in budget.each(parse_readme(text).sections, _WHAT):
            own = _GENERATED.sub(" ", TEMPLATE.sub(" ", section.text))
            for line in budget.each(own.split("\n"), _WHAT):
                phrases |= _hash_phrases(line)
    return frozenset(phrases) if len(phrases) >= PHRASES_MIN else frozenset()


def choose_marks(phrases: Iterable[int]) -> tuple[int, ...]:
    """Return the smallest hashes: cards that share much text share many of them."""
    return tuple(heapq.nsmallest(MARKS_MAX, phrases))


def hash_text(text: str) -> int:
    """Return a hash that fits a database's signed 64-bit number."""
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)


def _hash_phrases(line: str) -> set[int]:
    """Return the hashed phrases of a line."""
    if not line.isascii():
        line = unicodedata.normalize("NFKC", without_unseen(line))
    words = [_in_latin(word.lower()) for word in _WORD.findall(line)]
    if len(words) < _LINE_MIN_WORDS:
        return set()
    starts = range(len(words) - _PHRASE_WORDS + 1)
    return {hash_text(" ".join(words[start : start + _PHRASE_WORDS])) for start in starts}


def _in_latin(word: str) -> str:
    """Return a word that mixes Latin letters and their look-alikes in Latin letters only."""
    is_mixed = not word.isascii() and any(each.isascii() and each.isalpha() for each in word)
    return word.translate(_LOOK_ALIKES) if is_mixed else word
