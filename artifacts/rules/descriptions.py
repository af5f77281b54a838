"""What the small files of an artifact say: its card and configuration, for every source.

A source finds and opens the files; here their bytes become text and data, and a `Reading` of each
tells how far that succeeded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import CARD_MAX_CHARS, README_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.rules.cards import divide_readme, spell_keys
from artifacts.rules.documents import fitting, read_json
from artifacts.rules.encodings import UNKNOWN_LETTER, decode_text, find_encoding
from artifacts.rules.front_matter import find_repeated, read_front_matter
from artifacts.rules.lfs import parse_pointer
from artifacts.rules.reading import ABSENT, Readable, Reading, ReadState

_FRONT_MATTER = "The front matter"
# In an encoding of Latin letters a tenth may be unknown; what has far more is no text, or in
# another script.
_UNKNOWN_SHARE_MAX = 0.3


@dataclass(frozen=True)
class Opened:
    """A small file as a source gave it.

    Attributes:
        reading: read if `raw` is what the file holds; else why not.
        raw: its bytes, cut at the most that is read of such a file.
    """

    reading: Reading
    raw: bytes = b""


NO_FILE = Opened(ABSENT)


@dataclass(frozen=True)
class Description:
    """What card and configuration say.

    Attributes:
        readme: the card's text with its front matter, "" for none.
        card: its front matter as data.
        readings: how far each of the three was read.
    """

    readme: str
    card: dict[str, Any]
    config: dict[str, Any]
    readings: dict[Readable, Reading]


def describe(readme: Opened, config: Opened, stated: object = None) -> Description:
    """Return what a README and a configuration say.

    Args:
        stated: what the source itself makes of the front matter, if it does.
    """
    text, of_readme = read_readme(readme)
    card, of_card = read_card(text, of_readme, stated)
    data, of_config = read_config(config)
    readings: dict[Readable, Reading]
    readings = {"readme": of_readme, "card": of_card, "config": of_config}
    return Description(text, card, data, readings)


def open_bytes(path: str, raw: bytes) -> Opened:
    """Return a file with these bytes; a pointer to bytes that are kept elsewhere holds nothing."""
    if parse_pointer(raw) is not None:
        return leave_closed(path, f"{path} is a Git LFS pointer; what it points to was not opened.")
    return Opened(Reading(ReadState.READ, path), raw)


def leave_closed(path: str, reason: str) -> Opened:
    """Return a file that is there and was not opened. Args: reason: a sentence."""
    return Opened(Reading(ReadState.NOT_OPENED, path, reason))


def read_readme(opened: Opened) -> tuple[str, Reading]:
    """Return the text of a README, "" unless it was opened; unreadable if it is hardly a text."""
    reading = opened.reading
    if reading.state != ReadState.READ:
        return "", reading
    is_cut = len(opened.raw) > README_MAX_BYTES
    text = decode_text(opened.raw[:README_MAX_BYTES], is_cut=is_cut)
    unknown = text.text.count(UNKNOWN_LETTER)
    is_unknown = unknown > len(text.text) * _UNKNOWN_SHARE_MAX
    cut = f"Only its first {README_MAX_BYTES:,} bytes were read." if is_cut else ""
    if is_unknown:
        reason = f"{reading.path}: {text.note}"
        return text.text, replace(reading, state=ReadState.UNREADABLE, reason=reason)
    return text.text, replace(reading, reason=f"{text.note} {cut}".strip())


def read_card(
    readme: str, reading: Reading, stated: object = None
) -> tuple[dict[str, Any], Reading]:
    """Return a card's front matter, from the source's data or else from the card's text.

    Args:
        reading: how far the text was read.
        stated: what the source itself makes of the front matter, if it does.
    """
    if isinstance(stated, dict) and stated:
        try:
            data = spell_keys(fitting(stated, _FRONT_MATTER))
        except Unreadable:
            pass  # The text may be readable.
        else:
            return _with_repeated(data, readme, reading)
    if reading.state != ReadState.READ and not readme:
        return {}, reading
    try:
        found = read_front_matter(readme)
    except Unreadable as error:
        return {}, Reading(ReadState.UNREADABLE, reading.path, error.message)
    if found.fault:
        return found.data, Reading(ReadState.UNREADABLE, reading.path, found.fault)
    if not divide_readme(readme)[0].strip():
        if not reading.is_known:
            return {}, reading
        return {}, Reading(ReadState.ABSENT, reading.path)
    return found.data, Reading(ReadState.READ, reading.path, found.note)


def _with_repeated(
    data: dict[str, Any], readme: str, reading: Reading
) -> tuple[dict[str, Any], Reading]:
    """Return a source's data with the values of the text for keys that stand in it twice.

    A source that reads such front matter takes one of the values and does not say so.
    """
    note = ""
    if repeated := find_repeated(readme):
        try:
            found = read_front_matter(readme)
        except Unreadable:
            pass  # The source's reader could, so its data stand.
        else:
            note = found.note
            data = {key: data[key] for key in data if key not in repeated} | {
                key: found.data[key] for key in repeated if key in found.data
            }
    return data, Reading(ReadState.READ, reading.path, note)


def read_config(opened: Opened) -> tuple[dict[str, Any], Reading]:
    """Return a model's configuration, {} unless it was read."""
    reading = opened.reading
    if reading.state != ReadState.READ:
        return {}, reading
    try:
        return _read_config(opened.raw, reading.path), reading
    except Unreadable as error:
        return {}, replace(reading, state=ReadState.UNREADABLE, reason=error.message)


def _read_config(raw: bytes, name: str) -> dict[str, Any]:
    """Return what a configuration says.

    Raises:
        Unreadable: it says nothing, or cannot be read.
    """
    if len(raw) >= TEXT_FILE_MAX_BYTES:
        # As much as is fetched: the rest is cut off.
        raise TooMuchToRead(name, f"it has over {TEXT_FILE_MAX_BYTES:,} bytes")
    # JSON is in UTF-8 (RFC 8259), but editors write others, and say so by their first bytes.
    text: str | bytes = raw if find_encoding(raw).startswith("utf-8") else decode_text(raw).text
    # Each value takes at least three characters, so more values could not be stored anyway.
    data = read_json(text, name, values_max=CARD_MAX_CHARS // 3) if text else None
    if not isinstance(data, dict) or not data:
        raise Unreadable(f"{name} holds nothing.")
    return fitting(data, name)
