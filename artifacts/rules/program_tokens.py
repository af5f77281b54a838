"""The form of tokens for programs, by which anybody can tell one without asking the registry.

`hf_`, 37 random letters and digits (220 bits), and six that are the CRC-32 of those 37, in base 62
with leading zeros, as in GitHub's tokens. A scanner for leaked secrets thus finds them and raises
no false alarm. Tokens of `PUT /authenticate` begin with `hf_session_`: their underscore and their
length set them apart.
"""

from __future__ import annotations

import secrets
import string
from zlib import crc32

# Clients in JavaScript refuse tokens that begin otherwise.
PREFIX = "hf_"
SESSION_PREFIX = "hf_session_"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_LETTERS = frozenset(_DIGITS)
_RANDOM_CHARS = 37
# 62 to the sixth is more than 2 to the 32nd.
_CHECKSUM_CHARS = 6
_TOKEN_CHARS = len(PREFIX) + _RANDOM_CHARS + _CHECKSUM_CHARS
_SESSION_RANDOM_CHARS = 43


def make_program_token() -> str:
    """Return a new token for programs."""
    chosen = _random_text(_RANDOM_CHARS)
    return f"{PREFIX}{chosen}{checksum(chosen)}"


def make_session_token() -> str:
    """Return a new token whose calls are counted (256 random bits)."""
    return f"{SESSION_PREFIX}{_random_text(_SESSION_RANDOM_CHARS)}"


def has_program_form(token: str) -> bool:
    """Whether a text looks like a token for programs, be its checksum right or wrong."""
    return (
        len(token) == _TOKEN_CHARS
        and token.startswith(PREFIX)
        and _LETTERS.issuperset(token[len(PREFIX) :])
    )


def has_right_checksum(token: str) -> bool:
    """Whether the last six characters of a token for programs fit the others."""
    chosen = token[len(PREFIX) : -_CHECKSUM_CHARS]
    return token[-_CHECKSUM_CHARS:] == checksum(chosen)


def checksum(text: str) -> str:
    """Return the CRC-32 of a text in base 62 (digits, capital and small letters), six digits."""
    number, found = crc32(text.encode()), ""
    for _ in range(_CHECKSUM_CHARS):
        number, digit = divmod(number, len(_DIGITS))
        found = _DIGITS[digit] + found
    return found


def _random_text(length: int) -> str:
    """Return letters and digits chosen by the system's generator."""
    return "".join(secrets.choice(_DIGITS) for _ in range(length))
