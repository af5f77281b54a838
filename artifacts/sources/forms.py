"""The forms that names, refs and data from outside must have before they are used or kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from artifacts.exceptions import InvalidUrl, SourceUnavailable
from artifacts.limits import DATA_DEPTH_MAX, REF_MAX_CHARS, TAGS_MAX
from artifacts.rules.cards import bounded
from artifacts.rules.values import list_of

# The letters that Hub, GitHub and Kaggle allow in the names of owners and repositories.
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def check_repository(segments: Sequence[str]) -> str:
    """Return the parts of a repository's name, joined.

    Raises:
        InvalidUrl: no repository can have this name.
    """
    if not all(_NAME.fullmatch(segment) for segment in segments):
        raise InvalidUrl(
            "The url names a repository with characters that none can have. Letters, digits, "
            "'-', '_' and '.' are fine."
        )
    return "/".join(segments)


def check_ref(ref: str) -> str:
    """Return a branch, tag or commit as a URL names it.

    Raises:
        InvalidUrl: it is longer than can be kept.
    """
    if len(ref) > REF_MAX_CHARS:
        raise InvalidUrl(f"The url names a ref of over {REF_MAX_CHARS} characters.")
    return ref


def stated_repository(name: object, source: str) -> str:
    """Return the name that a source itself gives a repository.

    Raises:
        SourceUnavailable: it is no such name.
    """
    if not isinstance(name, str) or not all(_NAME.fullmatch(each) for each in name.split("/")):
        raise SourceUnavailable(f"{source}'s answer has another form than documented.")
    return name


def stated_commit(commit: object, source: str) -> str:
    """Return a commit's hash.

    Raises:
        SourceUnavailable: it is none.
    """
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise SourceUnavailable(f"{source} did not say which commit it answered for.")
    return commit


def stated_tags(listed: object) -> tuple[str, ...]:
    """Return the names in a list of tags; what has another form is left out."""
    names = [tag.get("name") for tag in list_of(listed) if isinstance(tag, dict)]
    fitting = [name for name in names if isinstance(name, str) and len(name) <= REF_MAX_CHARS]
    return tuple(dict.fromkeys(fitting))[:TAGS_MAX]


def kept(data: object) -> dict[str, Any]:
    """Return a source's data as JSON can hold it; {} when it is no mapping, too large or too deep.

    What is nested a thousand times takes down every program that walks it.
    """
    level: list[object] = [data]
    for _ in range(DATA_DEPTH_MAX):
        level = [child for each in level for child in _children(each)]
        if not level:
            return bounded(data) if isinstance(data, dict) else {}
    return {}


def _children(value: object) -> Sequence[object]:
    """Return what a value holds."""
    return list(value.values()) if isinstance(value, dict) else list_of(value)
