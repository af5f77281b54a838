"""Removing secrets and personal data from texts for the log.

Two strengths: texts that the registry wrote lose what looks like a secret; texts that a library
wrote, such as an exception's, lose everything that may be somebody's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

WITHHELD = "[withheld]"
# Keeps work and log lines small, whatever a stranger sent.
TEXT_MAX_CHARS = 2_000
FOREIGN_TEXT_MAX_CHARS = 300
# Shorter texts are no secrets, and removing every "a" would leave nothing of a line.
_SECRET_MIN_CHARS = 6

# Most fields of most lines are the same few words: a method, a route, a name. Texts up to so many
# characters are looked through once; the cache has half a megabyte.
_REMEMBERED_MAX_CHARS = 100
_REMEMBERED = 2_048

# Each is linear: a repetition stops at the first character that could begin it again.
_SIGNED_PATH = re.compile(r"((?:^|/)(?:uploads/)?content/)[^\s'\"<>]+")
_CREDENTIALS_IN_URL = re.compile(r"(://)[^\s/@'\"<>]+@")
_QUERY = re.compile(r"\?[^\s'\"<>]+")
_SCHEME = re.compile(r"\b(bearer|basic|token)[ \t][^\s,;'\"]+", re.IGNORECASE)
_NAMED = re.compile(
    r"(pass(?:w(?:or)?d|phrase)|pwd|secret(?:_?key)?|token|signature|credential|session(?:_?id)?"
    r"|csrf\w{0,20}"
    r"|api_?key|access_?key(?:_?id)?|cookie|authorization)(['\"]?[:=])[ \t]?[^\s,;&]+",
    re.IGNORECASE,
)
# Credentials of the services that the registry talks to, by their prefix: some are too short for
# the next pattern, or consist of small letters only.
_OF_SERVICES = re.compile(
    r"(?<![A-Za-z0-9])(?:hf_|gh[a-z]_|github_pat_|AKIA|ASIA)[A-Za-z0-9_]{16,}"
)
# 32 random bytes, such as a signature, have 43 letters in base64; hexadecimal digests name content
# and stay.
_RANDOM = re.compile(r"[A-Za-z0-9_\-]{40,}")
_HEXADECIMAL = re.compile(r"[0-9a-f]{40,64}")

# An apostrophe inside a word neither opens nor closes; a truncated quotation ends with the text.
# Quoted bytes have a `b` before the quotation mark.
_QUOTED = re.compile(
    r"(constraint |relation |column |table |index |)"
    r"""(?<!\w)[bB]?("(?:\\.|[^"]|"(?=\w))*(?:"|$)|'(?:\\.|[^']|'(?=\w))*(?:'|$)|`[^`]*(?:`|$))"""
)
_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]{0,20}:)?/[^\s]*")
_PARENTHESES = re.compile(r"\([^()]*\)")
_NESTED_MAX = 3
_LONG = re.compile(r"\S{25,}")


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """Return a text that the registry wrote without what looks like a secret.

    Args:
        known: secrets that this process knows from its settings.
    """
    known = tuple(known)
    if len(text) > _REMEMBERED_MAX_CHARS:
        return _without_secrets(text, known)
    return _without_secrets_remembered(text, known)


def _without_secrets(text: str, known: tuple[str, ...]) -> str:
    """Return a text without what looks like a secret."""
    for secret in known:
        for form in spellings(secret):
            text = text.replace(form, WITHHELD)
    text = text[:TEXT_MAX_CHARS]
    text = _SIGNED_PATH.sub(rf"\1{WITHHELD}", text)
    text = _CREDENTIALS_IN_URL.sub(rf"\1{WITHHELD}@", text)
    text = _QUERY.sub(f"?{WITHHELD}", text)
    text = _SCHEME.sub(rf"\1 {WITHHELD}", text)
    text = _NAMED.sub(rf"\1\2 {WITHHELD}", text)
    text = _OF_SERVICES.sub(WITHHELD, text)
    return _RANDOM.sub(_unless_hexadecimal, text)


_without_secrets_remembered = lru_cache(_REMEMBERED)(_without_secrets)


def without_values(text: str, known: Iterable[str] = ()) -> str:
    """Return the first line of a library's text without quotations, addresses and long words.

    Quotations are data: `DETAIL: Key (source_key)=(...)`, the URL that did not answer with its
    signed query, the refused header. Names of constraints and columns are ours and stay.
    """
    text = text.strip().partition("\n")[0][:TEXT_MAX_CHARS]
    text = _QUOTED.sub(lambda found: found[0] if found[1] else WITHHELD, text)
    for _ in range(_NESTED_MAX):
        text = _PARENTHESES.sub(WITHHELD, text)
    text = _ADDRESS.sub(WITHHELD, text)
    text = _LONG.sub(_unless_a_name, without_secrets(text, known))
    return text[:FOREIGN_TEXT_MAX_CHARS]


@lru_cache(maxsize=64)
def spellings(secret: str) -> tuple[str, ...]:
    """Return the forms in which a secret may occur in a text; none if it is too short to tell."""
    if len(secret) < _SECRET_MIN_CHARS:
        return ()
    return tuple({secret, quote(secret, safe=""), repr(secret)[1:-1]})


def forget_spellings() -> None:
    """Drop the cached forms of secrets, and the texts that were compared with them."""
    spellings.cache_clear()
    _without_secrets_remembered.cache_clear()


def _unless_hexadecimal(found: re.Match[str]) -> str:
    """Keep digests and lower-case names: a random token practically never looks like these."""
    word = found[0]
    return word if _HEXADECIMAL.fullmatch(word) or word.islower() else WITHHELD


def _unless_a_name(found: re.Match[str]) -> str:
    """Keep what looks like a name in a program: letters, dots and underscores."""
    word = found[0].strip("\"'(),:;")
    return found[0] if re.fullmatch(r"[A-Za-z_.]+", word) or WITHHELD in word else WITHHELD
