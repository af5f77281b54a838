"""Secrets in texts: only those that carry a checksum, or whose form is unmistakable.

No secret is shown: whoever reads the finding opens the file.

Source: GitHub, "Behind GitHub's new authentication token formats" (2021); npm, "New token format";
RFC 5958 and 7468 (keys); Hugging Face, AWS, OpenAI and Slack on the forms of their credentials.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.limits import SCAN_START_BYTES, SCAN_TEXT_MAX_BYTES
from artifacts.rules.patterns import Pattern
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look

NAME = "leaked secrets"

_WORD = r"0-9A-Za-z_\-"
_LONG = r"[0-9A-Za-z_\-]{10,150}"
# The last six letters are the CRC-32 of those before, in base 62.
_CHECKED = Pattern(r"(gh[pousr]_|npm_)([0-9A-Za-z]{30})([0-9A-Za-z]{6})", before=_WORD, after=_WORD)
_FORMS = (
    ("a token of Hugging Face", Pattern(r"hf_[A-Za-z]{34}", before=_WORD, after=_WORD)),
    ("an access key of AWS", Pattern(r"(?:AKIA|ASIA)[A-Z2-7]{16}", before=_WORD, after=_WORD)),
    ("a key of OpenAI", Pattern(rf"sk-{_LONG}T3BlbkFJ{_LONG}", before=_WORD)),
    ("a key of Anthropic", Pattern(r"sk-ant-api03-[0-9A-Za-z_\-]{93}AA", before=_WORD)),
    ("a token of Slack", Pattern(r"xox[bp](?:-[0-9]{10,13}){2}-[0-9A-Za-z\-]{20,60}")),
    ("a token of PyPI", Pattern(r"pypi-AgEIcHlwaS5vcmc[0-9A-Za-z_\-]{50,150}", before=_WORD)),
    ("a key of Google", Pattern(r"AIza[0-9A-Za-z_\-]{35}", before=_WORD, after=_WORD)),
)  # fmt: skip
_KEY = Pattern(
    r"-----BEGIN (?:RSA |EC |DSA |OPENSSH |)PRIVATE KEY-----\s([0-9A-Za-z+/=\s]+)-----END"
)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Examples of documentation, which are no secrets.
_EXAMPLES = ("EXAMPLE", "xxxx", "XXXX", "0000", "1234567890", "abcdefgh", "ABCDEFGH", "AAAAAAAA")
_OPENSSH = b"openssh-key-v1\0"
_DER_LONG = 0x80


def fits(look: Look) -> bool:
    """Whether it is a text."""
    return bool(look.start) and b"\0" not in look.start


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for secrets in the beginning of a text, which is all of nearly every one."""
    look.window.seek(0)
    raw = look.window.read(SCAN_TEXT_MAX_BYTES)
    if len(raw) > SCAN_START_BYTES and b"\0" in raw:
        return
    text = raw.decode("utf-8", "replace")
    for kind in sorted({*_list_checked(text), *_list_formed(text), *_list_keys(text)}):
        yield look.finding(
            NAME,
            ScanVerdict.SUSPICIOUS,
            f"It holds {kind}: whoever can read this file can use it. Have it revoked.",
        )


def _list_checked(text: str) -> Iterator[str]:
    """Yield the kinds of tokens whose checksum is right."""
    for found in _CHECKED.finditer(text):
        if _spell(zlib.crc32(found[2].encode())) == found[3]:
            yield "a token of npm" if found[1] == "npm_" else "a token of GitHub"


def _list_formed(text: str) -> Iterator[str]:
    """Yield the kinds of credentials by their forms."""
    for kind, pattern in _FORMS:
        if any(not _is_example(each) for each in pattern.findall(text)):
            yield kind


def _is_example(secret: str) -> bool:
    """Whether it only shows what such a secret looks like."""
    return any(each in secret for each in _EXAMPLES) or len(set(secret)) <= 10  # noqa: PLR2004  (few letters)


def _list_keys(text: str) -> Iterator[str]:
    """Yield private keys whose bytes are as long as they say."""
    for found in _KEY.finditer(text):
        try:
            data = base64.b64decode("".join(found[1].split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if data.startswith(_OPENSSH) or _is_der(data):
            yield "a private key"


def _is_der(data: bytes) -> bool:
    """Whether bytes are one sequence of DER of exactly their length."""
    if len(data) < 4 or data[0] != 0x30:  # noqa: PLR2004  (SEQUENCE)
        return False
    if data[1] < _DER_LONG:
        return len(data) == 2 + data[1]
    count = data[1] - _DER_LONG
    return len(data) == 2 + count + int.from_bytes(data[2 : 2 + count], "big")


def _spell(number: int) -> str:
    """Return a number in base 62, with six digits."""
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits
