"""Checking the form of names, refs and data from outside before they are used or stored."""

from __future__ import annotations

import string
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from artifacts.exceptions import InvalidUrl, SourceUnavailable, Unreadable
from artifacts.limits import NAME_MAX_CHARS, REF_MAX_CHARS, TAGS_MAX
from artifacts.rules.documents import fitting
from artifacts.rules.letters import find_letter_fault
from artifacts.rules.values import is_commit, read_list, read_text

# The characters that Hub, GitHub and Kaggle allow in the names of owners and repositories.
_NAME_CHARS = frozenset(string.ascii_letters + string.digits + "_.-")
# A ref may be named in full; the short name is the same ref.
_REF_FOLDERS = ("refs/heads/", "refs/tags/")


def check_repository(segments: Sequence[str]) -> str:
    """Return the parts of a repository's name, joined.

    Raises:
        InvalidUrl: no repository can have this name.
    """
    if not all(map(_is_name, segments)):
        raise InvalidUrl(
            "The url names a repository with characters that none can have. Letters, digits, "
            "'-', '_' and '.' are fine."
        )
    return "/".join(segments)


def check_ref(ref: str) -> str:
    """Return a branch, tag or commit as a URL names it.

    Raises:
        InvalidUrl: it is too long to be stored.
    """
    if len(ref) > REF_MAX_CHARS:
        raise InvalidUrl(f"The url names a ref of over {REF_MAX_CHARS} characters.")
    if fault := find_letter_fault(ref):
        raise InvalidUrl(f"The url names a ref that {fault}. No repository has such a one.")
    return ref


def shorten_ref(ref: str) -> str:
    """Return the short name of a branch or tag: `main` for `refs/heads/main`."""
    for folder in _REF_FOLDERS:
        ref = ref.removeprefix(folder)
    return ref


def find_longest_ref(stated: str, refs: Collection[str]) -> str | None:
    """Return the longest of some refs that a path begins with, None for none.

    Args:
        stated: a ref and what follows it in a URL, which does not tell where the ref ends.
    """
    segments = stated.split("/")
    prefixes = ("/".join(segments[:length]) for length in range(len(segments), 0, -1))
    return next((prefix for prefix in prefixes if prefix in refs), None)


def stated_repository(name: object, source: str) -> str:
    """Return the name that a source itself gives a repository.

    Raises:
        SourceUnavailable: it is no name of a repository.
    """
    if not isinstance(name, str) or not all(map(_is_name, name.split("/"))):
        raise SourceUnavailable(f"{source}'s answer has another form than documented.")
    return name


def named(stated: object, otherwise: str) -> str:
    """Return the name that a source states if it has the form of one, else the other name."""
    is_name = isinstance(stated, str) and 0 < len(stated) <= NAME_MAX_CHARS
    return str(stated) if is_name and not find_letter_fault(str(stated)) else otherwise


def stated_commit(commit: object, source: str) -> str:
    """Return a commit's hash.

    Raises:
        SourceUnavailable: it is no hash.
    """
    if not isinstance(commit, str) or not is_commit(commit):
        raise SourceUnavailable(f"{source} did not say which commit it answered for.")
    return commit


def stated_tags(listed: object, target: Callable[[Mapping[str, Any]], object]) -> dict[str, str]:
    """Return name -> target commit of a list of tags, leaving out entries of another form.

    Args:
        target: returns what an entry says its commit is; a commit of another form is kept as "".
    """
    tags: dict[str, str] = {}
    for tag in read_list(listed):
        name = tag.get("name") if isinstance(tag, dict) else None
        if isinstance(name, str) and _is_ref(name) and len(tags) < TAGS_MAX:
            commit = read_text(target(tag))
            tags.setdefault(name, commit if is_commit(commit) else "")
    return tags


def kept(data: object) -> dict[str, Any]:
    """Return a source's data as valid JSON; {} if it is no mapping, or too large or deep."""
    if not isinstance(data, dict):
        return {}
    try:
        return fitting(data, "The data")
    except Unreadable:
        return {}


def _is_ref(name: str) -> bool:
    """Whether a name can be stored as the name of a branch or tag."""
    return len(name) <= REF_MAX_CHARS and not find_letter_fault(name)


def _is_name(segment: str) -> bool:
    """Whether an owner or a repository can have this name."""
    return bool(segment) and _NAME_CHARS.issuperset(segment)
