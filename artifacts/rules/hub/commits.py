"""The commit by which the Hub's clients know a revision: 40 hexadecimal digits.

A client keeps what it fetched under its commit and never asks for a pinned commit again, so that a
commit has to mean the same files for ever. A revision is immutable, and its artifact's id with its
number names it for ever, also after its rows were rebuilt; nothing of its files needs to be read.
"""

from __future__ import annotations

import hashlib

from artifacts.rules.values import is_hexadecimal, whole_number

COMMIT_CHARS = 40
# How many digits of a made commit name the artifact; the others are the revision's number.
_ARTIFACT_CHARS = 32
_NUMBER_CHARS = COMMIT_CHARS - _ARTIFACT_CHARS
# The largest that a row can hold (`Revision.number`).
_NUMBER_MAX = 2**31 - 1
_TAG_START = "r"


def is_full_commit(text: str) -> bool:
    """Whether a text has the form of a commit."""
    return is_hexadecimal(text, COMMIT_CHARS)


def commit_of(*, artifact_id: str, number: int, commit: str, folder: str) -> str:
    """Return the commit of a revision: its source's own, else one made of its id and number.

    Args:
        commit: as the source states it; "" for none.
        folder: the folder of the repository that the revision consists of. What is only a part of
            a commit must not pose as all of it.
    """
    if not folder and is_full_commit(commit):
        return commit
    return f"{_artifact_digits(artifact_id)}{number:0{_NUMBER_CHARS}x}"


def find_number(commit: str) -> int | None:
    """Return the number that a commit made here holds; None if it cannot hold one.

    A source's commit may happen to hold one, too: whoever finds a revision by it compares commits.
    """
    if not is_full_commit(commit):
        return None
    return _known_number(int(commit[_ARTIFACT_CHARS:], 16))


def name_revision(number: int) -> str:
    """Return the tag of a revision: `r1`, `r2`, ..."""
    return f"{_TAG_START}{number}"


def read_revision_name(name: str) -> int | None:
    """Return the number that a tag of this registry names; None for another name."""
    number = whole_number(name.removeprefix(_TAG_START))
    if number is None or name != name_revision(number):
        return None
    return _known_number(number)


def _known_number(number: int) -> int | None:
    """Return a number that a row can hold; None for others."""
    return number if 0 < number <= _NUMBER_MAX else None


def _artifact_digits(artifact_id: str) -> str:
    """Return the digits that name an artifact."""
    digest = hashlib.sha1(artifact_id.encode(), usedforsecurity=False)
    return digest.hexdigest()[:_ARTIFACT_CHARS]
