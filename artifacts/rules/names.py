"""What an artifact may be called (contract: ArtifactName)."""

import string
from collections.abc import Callable

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_MAX_CHARS, TOKEN_NAME_MAX_CHARS
from artifacts.rules.letters import JOINERS, find_letter_fault

_HUB_LETTERS = frozenset(string.ascii_letters + string.digits + "._-")
_HUB_NAME_PART_MAX_CHARS = 96
# The name that means every artifact in a query.
RESERVED_NAME = "*"


def in_hyphens(text: str, kept: Callable[[str], bool]) -> str:
    """Return a text with each run of characters that are not `kept` replaced by one hyphen.

    Such characters and hyphens at its ends are dropped.
    """
    return "-".join("".join(each if kept(each) else " " for each in text).split()).strip("-")


def is_hub_name_part(text: str) -> bool:
    """Whether a text is valid as the name of an owner or a repository on the Hub or on GitHub."""
    return (
        0 < len(text) <= _HUB_NAME_PART_MAX_CHARS
        and _HUB_LETTERS.issuperset(text)
        and text[0].isalnum()
        and text[-1].isalnum()
    )


def check_token_name(name: str) -> str:
    """Return what a person calls a token, without spaces around it.

    Raises:
        InvalidName: it is empty, too long, or holds characters that cannot be seen.
    """
    name = name.strip()
    if not name:
        raise InvalidName("Give the token a name that says what uses it, as in: nightly build.")
    if len(name) > TOKEN_NAME_MAX_CHARS:
        raise InvalidName(f"A token's name has at most {TOKEN_NAME_MAX_CHARS} characters.")
    if find_letter_fault(name) or not name.isprintable():
        raise InvalidName("The name holds characters that cannot be seen. Remove them.")
    return name


def check_name(name: str) -> str:
    """Return the name unchanged.

    Raises:
        InvalidName: it is empty, reserved, too long, or holds characters that cannot be typed or
            shown: control characters would forge log lines, lone surrogates cannot be stored, and
            invisible characters make two names look alike.
    """
    if not name.strip():
        raise InvalidName("The name is empty. Leave it out to use the last part of the url.")
    if name == RESERVED_NAME:
        raise InvalidName("The name '*' is reserved: in a query it stands for every artifact.")
    if len(name) > NAME_MAX_CHARS:
        raise InvalidName(
            f"The name has {len(name)} characters; the longest allowed has {NAME_MAX_CHARS}."
        )
    if fault := find_letter_fault(name):
        raise InvalidName(f"The name {fault}. Remove them.")
    if not "".join(each for each in name if each not in JOINERS).isprintable():
        raise InvalidName("The name holds characters that cannot be typed or shown. Remove them.")
    return name
