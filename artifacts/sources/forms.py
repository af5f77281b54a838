"""The forms that names, refs and data from outside must have before they are used or kept."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from artifacts.exceptions import InvalidUrl, SourceUnavailable, TooMuchToRead, Unreadable
from artifacts.limits import (
    CARD_MAX_CHARS,
    NAME_MAX_CHARS,
    REF_MAX_CHARS,
    TAGS_MAX,
    TEXT_FILE_MAX_BYTES,
)
from artifacts.rules.cards import parse_front_matter
from artifacts.rules.documents import fitting, read_json
from artifacts.rules.letters import fault_of_letters
from artifacts.rules.values import list_of

# The letters that Hub, GitHub and Kaggle allow in the names of owners and repositories.
_NAME_CHARS = frozenset(string.ascii_letters + string.digits + "_.-")
_COMMIT_CHARS = frozenset("0123456789abcdef")
_COMMIT_MIN_CHARS, _COMMIT_MAX_CHARS = 7, 64


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
        InvalidUrl: it is longer than can be kept.
    """
    if len(ref) > REF_MAX_CHARS:
        raise InvalidUrl(f"The url names a ref of over {REF_MAX_CHARS} characters.")
    if fault := fault_of_letters(ref):
        raise InvalidUrl(f"The url names a ref that {fault}. No repository has such a one.")
    return ref


def stated_repository(name: object, source: str) -> str:
    """Return the name that a source itself gives a repository.

    Raises:
        SourceUnavailable: it is no such name.
    """
    if not isinstance(name, str) or not all(map(_is_name, name.split("/"))):
        raise SourceUnavailable(f"{source}'s answer has another form than documented.")
    return name


def named(stated: object, otherwise: str) -> str:
    """Return what a source calls something that it was asked about, if that is a name."""
    is_name = isinstance(stated, str) and 0 < len(stated) <= NAME_MAX_CHARS
    return str(stated) if is_name and not fault_of_letters(str(stated)) else otherwise


def stated_commit(commit: object, source: str) -> str:
    """Return a commit's hash.

    Raises:
        SourceUnavailable: it is none.
    """
    if not isinstance(commit, str) or not _is_commit(commit):
        raise SourceUnavailable(f"{source} did not say which commit it answered for.")
    return commit


def stated_tags(listed: object) -> tuple[str, ...]:
    """Return the names in a list of tags; what has another form is left out."""
    names = [tag.get("name") for tag in list_of(listed) if isinstance(tag, dict)]
    kept = [name for name in names if isinstance(name, str) and _is_ref(name)]
    return tuple(dict.fromkeys(kept))[:TAGS_MAX]


@dataclass(frozen=True)
class Described:
    """What a card or configuration says, or why that is not known.

    Attributes:
        data: {} where there is none, and where it cannot be read.
        error: a sentence, "" for none.
        is_too_much: whether reading all of it would cost more than it may.
    """

    data: dict[str, Any]
    error: str = ""
    is_too_much: bool = False

    def facts(self, name: str) -> dict[str, Any]:
        """Return what is kept about it among the facts of a revision: why it is not known.

        Args:
            name: `card` or `config`.
        """
        kinds = ("error", "unread") if self.is_too_much else ("error",)
        return {f"{name}_{kind}": self.error for kind in kinds} if self.error else {}


def read_card(readme: str, stated: object = None) -> Described:
    """Return a card's front matter, as its source gives it as data, or as it stands in the text."""
    written = partial(_described, lambda: parse_front_matter(readme))
    if not isinstance(stated, dict) or not stated:
        return written()
    found = _described(lambda: fitting(stated, "The front matter"))
    return found if found.data or not (in_text := written()).data else in_text


def read_config(raw: bytes, name: str) -> Described:
    """Return what describes a model to its library.

    Args:
        name: the file's, for messages.
    """
    return _described(lambda: _config(raw, name)) if raw else Described({})


def kept(data: object) -> dict[str, Any]:
    """Return a source's data as JSON can hold it; {} for no mapping, or one too large or deep."""
    return _described(lambda: fitting(data, "The data")).data if isinstance(data, dict) else {}


def _described(read: Callable[[], dict[str, Any]]) -> Described:
    """Read, and say why where that fails."""
    try:
        return Described(read())
    except TooMuchToRead as error:
        return Described({}, error.message, is_too_much=True)
    except Unreadable as error:
        return Described({}, error.message)


def _config(raw: bytes, name: str) -> dict[str, Any]:
    """Return what a configuration says.

    Raises:
        Unreadable: it says nothing, or cannot be read.
    """
    if len(raw) >= TEXT_FILE_MAX_BYTES:
        # As much as is fetched: the rest is cut off.
        raise TooMuchToRead(name, f"it has over {TEXT_FILE_MAX_BYTES:,} bytes")
    # Each value takes three characters of what is kept, so that more could not be kept anyway.
    data = read_json(raw, name, values_max=CARD_MAX_CHARS // 3)
    if not isinstance(data, dict) or not data:
        raise Unreadable(f"{name} holds nothing.")
    return fitting(data, name)


def _is_ref(name: str) -> bool:
    """Whether a name can be kept as that of a branch or tag."""
    return len(name) <= REF_MAX_CHARS and not fault_of_letters(name)


def _is_name(segment: str) -> bool:
    """Whether an owner or a repository can be called so."""
    return bool(segment) and _NAME_CHARS.issuperset(segment)


def _is_commit(text: str) -> bool:
    """Whether a text is a hash of git's, perhaps a shortened one."""
    is_long = _COMMIT_MIN_CHARS <= len(text) <= _COMMIT_MAX_CHARS
    return is_long and _COMMIT_CHARS.issuperset(text)
