"""The known license texts, as rows of hashes: facts about the texts, from which none can be read.

`fingerprints.txt` has a line for each text: its name and its sentences, each as the number of its
words (two hexadecimal digits), their hash (eight digits) and a mark. Out of the texts of SPDX's
list, `tests/fingerprint_licenses.py` writes it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

# `.` has to be there; `?` may be absent; `*` has to be there, and before it others may have written
# a name of their own.
Mark = Literal[".", "?", "*"]
_CHARS = 11
_DATA = Path(__file__).with_name("fingerprints.txt")


class Sentence(NamedTuple):
    """A run of words in a known text."""

    length: int
    hash: int
    mark: Mark


class Fingerprint(NamedTuple):
    """A known text.

    Attributes:
        name: the canonical name of its license.
        words: how many words have to be there.
    """

    name: str
    sentences: tuple[Sentence, ...]
    words: int


@lru_cache(maxsize=1)
def load_fingerprints() -> tuple[Fingerprint, ...]:
    """Return all known texts."""
    return tuple(map(_read, _DATA.read_text(encoding="ascii").splitlines()))


def write_sentence(sentence: Sentence) -> str:
    """Return a sentence as it stands in the file."""
    return f"{sentence.length:02x}{sentence.hash:08x}{sentence.mark}"


def _read(line: str) -> Fingerprint:
    """Return the text that a line describes."""
    name, _, data = line.partition(" ")
    sentences = tuple(
        Sentence(int(data[at : at + 2], 16), int(data[at + 2 : at + 10], 16), data[at + 10])  # type: ignore[arg-type]
        for at in range(0, len(data), _CHARS)
    )
    return Fingerprint(name, sentences, sum(each.length for each in sentences if each.mark != "?"))
