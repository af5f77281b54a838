"""The letters of a text file from outside, whatever encoding its editor wrote it in.

Source: the Unicode Standard, section 23.8 (byte order marks); RFC 4627, section 3, which tells the
encodings without a mark apart by where their first four bytes are zero.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# The longer mark comes first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)  # fmt: skip
# Which of the first four bytes of an ASCII text are zero, without a mark.
_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le", (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le", (True, True, True, False): "utf-32-be",
}  # fmt: skip
_UTF_8 = ("utf-8", "utf-8-sig")
UNKNOWN_LETTER = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """A text.

    Attributes:
        note: what was not as usual about its encoding, as a sentence; "" for nothing.
        has_all: False if letters were replaced, since the encoding is unknown.
    """

    text: str
    note: str = ""
    has_all: bool = True


def decode_text(raw: bytes, *, is_cut: bool = False) -> Decoded:
    """Decode UTF-8, UTF-16 and UTF-32; bytes of other encodings become U+FFFD.

    Old Macs' line ends (a carriage return alone) become those of today.

    Args:
        is_cut: whether the text goes on, so that half a letter may stand at its end.
    """
    encoding = find_encoding(raw)
    try:
        text, has_all = _decode(raw, encoding, "strict", is_cut=is_cut), True
    except UnicodeDecodeError:
        text, has_all = _decode(raw, encoding, "replace", is_cut=is_cut), False
    text = text.removeprefix("\ufeff")
    if "\r" in text and "\n" not in text:
        text = text.replace("\r", "\n")
    if not has_all:
        note = f"Its encoding is unknown: {text.count(UNKNOWN_LETTER):,} letters cannot be read."
    else:
        note = "" if encoding in _UTF_8 else f"It is in {encoding.upper()}, not in UTF-8."
    return Decoded(text, note, has_all)


def find_encoding(raw: bytes) -> str:
    """Return the name of a Unicode encoding as Python knows it, by mark or by zero bytes."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    return _ZEROS.get(tuple(byte == 0 for byte in raw[:4]), "utf-8")


def _decode(raw: bytes, encoding: str, errors: str, *, is_cut: bool) -> str:
    """Decode bytes, leaving out half a letter at the end of a text that was cut."""
    return codecs.getincrementaldecoder(encoding)(errors).decode(raw, final=not is_cut)
