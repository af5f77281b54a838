"""What an artifact is called, read once into the forms in which names are compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any, Final, NamedTuple

from artifacts.enums import SourceKind
from artifacts.rules.confusion.skeletons import read_skeleton
from artifacts.rules.confusion.sounds import read_sound
from artifacts.rules.confusion.words import AFFIXES, OWNER_AFFIXES
from artifacts.rules.values import read_count

_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}


class Name(NamedTuple):
    """A name, or an owner's name, in all forms in which it is compared.

    What is compared once is read when it is asked for: an audit holds 100,000 names.

    Attributes:
        text: as people read it, without the owner.
        words: in lower case, split at signs.
        spelling: the words in one.
        stem: the spelling without words that claim to be the real one; "" where nothing is left.
    """

    text: str
    words: tuple[str, ...]
    spelling: str
    stem: str

    @property
    def look(self) -> str:
        """Its skeleton, without signs."""
        if not self.text.isascii():
            return "".join(split_words(read_skeleton(self.text)))
        return read_skeleton(" ".join(self.words)).replace(" ", "")

    @property
    def order(self) -> str:
        """The words in the order of the alphabet, split where the case changes, too."""
        words = split_words(self.text)
        return " ".join(sorted(part for word in words for part in _split_case(word)))

    @property
    def sound(self) -> str:
        """How an English reader speaks it."""
        return "".join(map(read_sound, self.words))


class Label(NamedTuple):
    """What one artifact is called, and by whom.

    Attributes:
        id: the artifact's, "" for one that is not registered.
        type: the artifact's, since only names of one type are mistaken for each other.
        owner: as its source names it; None where sources have no owners.
        host: the word for its source: "hub", "github", "kaggle", "".
        downloads, likes: as the source counts them; 0 for unknown.
        created_us: when it was registered, in microseconds since 1970.
    """

    id: str
    type: str
    name: Name
    owner: Name | None = None
    host: str = ""
    downloads: int = 0
    likes: int = 0
    created_us: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """How well known it is: the less known of two is the suspect, or else the later one."""
        return (self.downloads, self.likes, -self.created_us)

    def has_owner_of(self, other: Label) -> bool:
        """Whether both have the same owner: on another host, dots and hyphens may differ."""
        ours, theirs = self.owner, other.owner
        if ours is None or theirs is None:
            return False
        if self.host == other.host:
            return ours.text.casefold() == theirs.text.casefold()
        return ours.spelling == theirs.spelling


@lru_cache(maxsize=4_096)
def read_name(text: str) -> Name:
    """Read the name of an artifact; of `owner/name` the last part."""
    return _read(text.rstrip("/").rpartition("/")[2], AFFIXES)


@lru_cache(maxsize=4_096)
def read_owner(text: str) -> Name:
    """Read the name of an owner."""
    return _read(text, OWNER_AFFIXES)


def _read(text: str, affixes: frozenset[str]) -> Name:
    """Read a name into its forms."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    words = split_words(plain)
    stem = _strip(words, affixes)
    spelling = "".join(words)
    return Name(text, words, spelling, spelling if stem == words else "".join(stem))


def split_words(text: str) -> tuple[str, ...]:
    """Split a text at everything that is neither letter nor digit."""
    if text.isascii():
        return tuple(text.translate(_SIGNS).split())
    return tuple("".join(each if each.isalnum() else " " for each in text).split())


@lru_cache(maxsize=16_384)
def _split_case(word: str) -> tuple[str, ...]:
    """Split a word where a capital follows a small letter, and return its parts in lower case."""
    starts = [at for at in range(1, len(word)) if word[at].isupper() and word[at - 1].islower()]
    return tuple(
        word[first:last].casefold()
        for first, last in zip([0, *starts], [*starts, len(word)], strict=True)
    )


def _strip(words: tuple[str, ...], affixes: frozenset[str]) -> tuple[str, ...]:
    """Return words without the affixes at both ends."""
    first, last = 0, len(words)
    while first < last and words[first] in affixes:
        first += 1
    while last > first and words[last - 1] in affixes:
        last -= 1
    return words[first:last]


# The words for sources that have owners.
HOSTS: Final = {
    SourceKind.HUGGINGFACE_MODEL: "hub",
    SourceKind.HUGGINGFACE_DATASET: "hub",
    SourceKind.GITHUB: "github",
    SourceKind.KAGGLE: "kaggle",
}


class Called(NamedTuple):
    """What is known of an artifact that names can be compared by; the columns of its row.

    Attributes:
        downloads, likes: what its source states, which may be anything, or None.
    """

    id: str
    type: str
    name: str
    created_us: int
    kind: str
    repository: str
    downloads: Any = None
    likes: Any = None


def make_labels(called: Called) -> list[Label]:
    """Return what an artifact is called: by its name here, and by that of its source.

    What people send themselves, and what lies behind a direct link, has no owner.
    """
    host = HOSTS.get(SourceKind(called.kind), "")
    owner, _, last = called.repository.rpartition("/") if host else ("", "", "")
    names = dict.fromkeys(map(read_name, (called.name, last) if last else (called.name,)))
    return [
        Label(
            called.id,
            called.type,
            name,
            read_owner(owner) if owner else None,
            host,
            read_count(called.downloads) or 0,
            read_count(called.likes) or 0,
            called.created_us,
        )
        for name in names
    ]
