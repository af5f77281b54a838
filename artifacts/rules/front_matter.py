"""Front matter as the world writes it: what strict YAML refuses is read key by key.

A tab, a colon in a title or an impossible date breaks a YAML document as a whole, and people write
all three. The second reader divides the text into its top-level keys and reads each for itself, so
that what is broken costs its own key only; and it tells what it had to repair and what it left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.rules.budget import judging
from artifacts.rules.cards import (
    RATED_KEYS,
    check_length,
    divide_readme,
    find_key,
    join_values,
    parse_front_matter,
    spell_keys,
)
from artifacts.rules.page_urls import divide_link

_WHAT = "The front matter"
# Tabs and blanks of other scripts, which YAML does not take for blanks; what nobody sees is left
# out, and a colon of East Asian keyboards is one.
_AS_YAML_HAS_IT = str.maketrans(
    {"\t": "  ", "\xa0": " ", "\u3000": " ", "\u200b": "", "\ufeff": "", "\uff1a": ": "}
)
# Values that begin so are more than a line of text, or none.
_STRUCTURE = ("[", "{", "|", ">", "&", "*", "!", "- ")
# Where keys of another mapping are merged in, by a reference.
_MERGE = "<<"
# How many keys a sentence names, and how long each may be.
_NAMED_MAX, _NAME_MAX_CHARS = 5, 40


@dataclass(frozen=True)
class FrontMatter:
    """What front matter says.

    Attributes:
        note: what was repaired to read it, or left out because no rating rests on it, as sentences;
            "" for nothing.
        fault: why part of it could not be read on which ratings rest, as a sentence; "" for none.
    """

    data: dict[str, Any]
    note: str = ""
    fault: str = ""


@dataclass
class _Entries:
    """What the second reader found.

    Attributes:
        values: by key, those that stand in the text, in its order.
        as_text: keys whose values were taken as plain text.
        broken: keys whose values cannot be read, each with the reason.
        strays: how many lines belong to no key.
    """

    values: dict[str, list[Any]] = field(default_factory=dict)
    as_text: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    strays: int = 0


def read_front_matter(readme: str) -> FrontMatter:
    """Return what the front matter of a README says; nothing if there is none.

    Raises:
        Unreadable: no key of it can be read.
        TooMuchToRead: it is longer, deeper or more costly than a card may be.
    """
    try:
        return FrontMatter(spell_keys(parse_front_matter(readme)))
    except TooMuchToRead:
        raise
    except Unreadable:
        matter, _ = divide_readme(readme)
        found = _report(_read_entries(matter))
        if not found.data:
            raise
        return found


def find_repeated(readme: str) -> frozenset[str]:
    """Return the keys that stand more than once in front matter, without reading their values."""
    matter, _ = divide_readme(readme)
    seen: set[str] = set()
    repeated: set[str] = set()
    for line in matter.translate(_AS_YAML_HAS_IT).splitlines():
        key = find_key(line)
        (repeated if key in seen else seen).add(key)
    return frozenset(repeated - {""})


def _read_entries(matter: str) -> _Entries:
    """Read front matter key by key.

    Raises:
        TooMuchToRead: reading it costs too much.
    """
    check_length(matter)
    found = _Entries()
    with judging() as budget:
        for key, text in budget.each(_divide(matter), _WHAT):
            if not key:
                found.strays += bool(text)
                continue
            try:
                value = _read_value(text)
            except TooMuchToRead:
                raise
            except Unreadable as error:
                line = _plain_line(text)
                first = text.partition("\n")[0]
                if line is None and key in RATED_KEYS and _is_whole(first):
                    # What follows is no part of it, and may be anything.
                    line = _plain_line(first)
                    found.strays += 1
                if line is None:
                    found.broken.setdefault(key, error.message.partition(": ")[2].rstrip("."))
                    continue
                found.as_text.append(key)
                value = line
            found.values.setdefault(key, []).append(value)
    return found


def _divide(matter: str) -> Iterator[tuple[str, str]]:
    """Yield each top-level key with its lines; "" as key of lines that belong to none.

    A key of the Hub that is indented below a whole value is a top-level key, too: nothing can
    belong to that value.
    """
    key, lines = "", list[str]()
    for line in _without_indent(matter.translate(_AS_YAML_HAS_IT)).splitlines():
        begun = find_key(line)
        if not begun and len(lines) == 1 and _is_whole(lines[0]):
            inner = find_key(line.strip())
            begun = inner if inner in RATED_KEYS else ""
        if begun:
            yield key, "\n".join(lines)
            key, lines = begun, [_with_blank(line.strip())]
        elif line.strip() and not line.lstrip().startswith("#"):
            if not key or line.startswith(_MERGE):
                yield "", line
                continue
            lines.append(line)
    yield key, "\n".join(lines)


def _without_indent(matter: str) -> str:
    """Return front matter without the blanks before its first key, on all lines that have them."""
    bare = matter.lstrip("\n")
    indent = bare[: len(bare) - len(bare.lstrip(" "))]
    return "\n".join(line.removeprefix(indent) for line in bare.splitlines())


def _with_blank(line: str) -> str:
    """Return a line with the blank after its key that YAML demands."""
    name, _, value = line.partition(":")
    return f"{name}: {value.strip()}"


def _read_value(text: str) -> Any:
    """Return the value of one key.

    Raises:
        Unreadable: it cannot be read.
    """
    # Imported only when needed: it is slow to import.
    from artifacts.rules.yaml_text import read_yaml

    values = list(read_yaml(text, _WHAT).values())
    if len(values) != 1:
        raise Unreadable(f"{_WHAT} cannot be read: it is no valid YAML.")
    return values[0]


def _is_whole(line: str) -> bool:
    """Whether a line has a key and its whole value, which does not go on in the next line."""
    value = line.partition(":")[2].strip()
    is_open = value[:1] in ("'", '"') and (len(value) == 1 or value[-1] != value[0])
    return not is_open and _plain_line(line) is not None


def _plain_line(text: str) -> str | None:
    """Return a value of one line as plain text; None if it is more than that."""
    value = text.partition(":")[2].strip()
    is_link = bool(divide_link(value)[1])
    if "\n" in value or not value or (value.startswith(_STRUCTURE) and not is_link):
        return None
    if "\0" in value or any("\ud800" <= each <= "\udfff" for each in value):
        # No database stores it.
        return None
    return value.partition(" #")[0].rstrip().strip("\"'")


def _report(found: _Entries) -> FrontMatter:
    """Return what was found, and say what was repaired or left out."""
    data: dict[str, Any] = {}
    added_up, unclear = [], dict(found.broken)
    for key, values in found.values.items():
        value, is_clear = join_values(key, values)
        if not is_clear:
            unclear[key] = "it stands there twice, with different values"
            continue
        data[key] = value
        if len(values) > 1 and value not in values:
            added_up.append(key)
    notes = ["The front matter cannot be read as a whole, so it was read key by key."]
    if found.as_text:
        notes.append(f"Taken as plain text: {_names(found.as_text)}.")
    if added_up:
        notes.append(f"Stated twice, and all of it counts: {_names(added_up)}.")
    left_out = {key: reason for key, reason in unclear.items() if key not in RATED_KEYS}
    if left_out:
        notes.append(f"Left out: {_names(left_out)}.")
    faults = [f"{_names([key])} ({unclear[key]})" for key in sorted(unclear) if key in RATED_KEYS]
    if found.strays:
        faults.append("lines that belong to no key")
    fault = f"Part of the front matter cannot be read: {', '.join(faults)}." if faults else ""
    return FrontMatter(data, " ".join(notes), fault)


def _names(keys: Iterator[str] | list[str] | dict[str, str]) -> str:
    """Return keys as a list in words, by the alphabet: their order in the text means nothing."""
    distinct = sorted(set(keys))
    shown = ", ".join(f"`{key[:_NAME_MAX_CHARS]}`" for key in distinct[:_NAMED_MAX])
    return f"{shown} and {len(distinct) - _NAMED_MAX} more" if len(distinct) > _NAMED_MAX else shown
