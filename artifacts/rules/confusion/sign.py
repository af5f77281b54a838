"""What two labels have in common that people may fall for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from artifacts.rules.confusion.labels import Name
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.words import KNOWN_WORDS

# Shorter words differ in one letter by chance: sizes, languages, tasks, numbers of versions.
_WORD_MIN_CHARS = 4


@dataclass(frozen=True, slots=True)
class Sign:
    """One mechanism that was found between two labels.

    Attributes:
        strength: how surely it is no accident, judged by the names alone; from 0 to 1.
        detail: a sentence for people.
        is_explained_by_lineage: whether a stated parent explains it, as forks are named alike.
    """

    mechanism: Mechanism
    strength: float
    detail: str
    is_explained_by_lineage: bool = False


def list_other_words(ours: Name, theirs: Name) -> tuple[list[str], list[str]]:
    """Return the words that only one of two names has."""
    left, right = Counter(ours.words), Counter(theirs.words)
    return list((left - right).elements()), list((right - left).elements())


def are_relatives(ours: Name, theirs: Name) -> bool:
    """Whether two names differ as members of families do: by known words, or by short ones.

    `llama-2-7b` and `llama-2-13b` do, and `bert-base` and `bart-large`.
    """
    others = list_other_words(ours, theirs)
    words = [each for side in others for each in side]
    return all(others) and (
        KNOWN_WORDS.issuperset(words) or all(len(each) < _WORD_MIN_CHARS for each in words)
    )
