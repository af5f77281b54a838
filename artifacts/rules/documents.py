"""The one place where JSON and YAML from outside become data.

All input is parsed here: sources' answers, cards, configurations, headers of weights, request
bodies, records read back. The result can be stored by both databases, walked by recursive code, and
is unambiguous: bounded nesting, whole numbers of at most 64 bits, finite numbers, no NUL and no
lone surrogate, each key once. A test refuses `json.loads` and `yaml` anywhere else.

Policy: a document with a duplicate key is unreadable, since two readers would see two documents. A
number that no column holds becomes text, as it was written; a character that no column holds
becomes U+FFFD. Request bodies are refused instead (`read_strict_json`).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any, NoReturn

from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import (
    CARD_MAX_CHARS,
    DATA_DEPTH_MAX,
    JSON_VALUES_AT_ONCE_MAX,
    JSON_VALUES_MAX,
    NUMBER_MAX_CHARS,
    WHOLE_NUMBER_MAX,
)
from artifacts.rules.json_steps import KEY_TWICE, decode_in_steps
from artifacts.rules.text import storable

# In JSON, a value takes at least one character, and two separate it from the next.
_VALUE_MIN_CHARS = 3
_TOO_DEEP = f"it is nested over {DATA_DEPTH_MAX} levels deep"
# JSON escapes of characters that no database stores.
_UNSTORABLE_ESCAPES = ("\\u0000", "\\ud", "\\uD")


def read_json(
    raw: bytes | str,
    what: str,
    *,
    values_max: int = JSON_VALUES_MAX,
    depth_max: int | None = DATA_DEPTH_MAX,
) -> Any:
    """Return a JSON text as data.

    Args:
        what: the beginning of a sentence, as in "config.json".
        depth_max: None for a source's answer, whose parts are checked when they are taken out of
            it, as names, or as data by `fitting`. It may be as deep as the decoder allows, and hold
            characters that cannot be stored: a path that has one is refused, not repaired.

    Raises:
        Unreadable: it is not JSON, or has a duplicate key.
        TooMuchToRead: it has too many values, or is nested too deeply.
    """
    text = _decoded(raw, what)
    _check_weight(text, what, values_max)
    data = _loaded(text, what, _Lenient)
    if depth_max is None:
        return data
    check_depth(data, what, depth_max)
    return _kept(data, what) if any(each in text for each in _UNSTORABLE_ESCAPES) else data


def read_strict_json(raw: bytes, what: str) -> Any:
    """Return the body of a request as data; refuse what `read_json` would repair.

    Raises:
        Unreadable: it is not strict JSON, or holds what cannot be stored.
        TooMuchToRead: see `read_json`.
    """
    text = _decoded(raw, what)
    _check_weight(text, what, JSON_VALUES_MAX)
    data = _loaded(text, what, _Strict)
    check_depth(data, what, DATA_DEPTH_MAX)
    if any(escape in text for escape in _UNSTORABLE_ESCAPES) and storable(data) != data:
        raise Unreadable(f"{what} holds a NUL character, or half of a pair of surrogates.")
    return data


def read_json_at(text: str, start: int, what: str) -> tuple[Any, int]:
    """Return the JSON value that begins at a position, and its end.

    For texts that are read piece by piece; the pieces must be small.

    Raises:
        Unreadable: there is no value, or only part of one.
    """
    try:
        data, end = _Exact.decoder.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{what} is no JSON.") from error
    return data, end


def fitting(data: dict[str, Any], what: str) -> dict[str, Any]:
    """Return data in types that JSON has: dates as text, keys as text, no infinite numbers.

    Raises:
        TooMuchToRead: it is larger or deeper than a card may be.
        Unreadable: two keys become the same.
    """
    check_depth(data, what, DATA_DEPTH_MAX, chars_max=CARD_MAX_CHARS)
    result: dict[str, Any] = _kept(_plain(data, what), what)
    if len(json.dumps(result, ensure_ascii=True, allow_nan=False)) > CARD_MAX_CHARS:
        raise _too_large(what)
    return result


def check_depth(data: object, what: str, depth_max: int, chars_max: int | None = None) -> None:
    """Check that data are neither nested too deeply nor too large.

    Data nested a thousand levels deep crash every program that walks them.

    Raises:
        TooMuchToRead: they are.
    """
    level: list[object] = [data]
    held = 0
    for _ in range(depth_max):
        inner: list[object] = []
        for each in level:
            children = _children(each)
            held += _VALUE_MIN_CHARS * len(children)
            if chars_max is not None:
                held += sum(len(child) for child in children if isinstance(child, str))
                held += sum(len(key) for key in each if isinstance(key, str)) if (
                    isinstance(each, dict)
                ) else 0  # fmt: skip
                if held > chars_max:
                    raise _too_large(what)
            inner += (child for child in children if isinstance(child, dict | list | tuple | set))
        if not inner:
            return
        level = inner
    raise TooMuchToRead(what, _TOO_DEEP)


def _decoded(raw: bytes | str, what: str) -> str:
    """Decode UTF-8. `json` would also guess UTF-16 and UTF-32; no other reader does."""
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{what} is not valid JSON: it is not in UTF-8.") from error


def _check_weight(text: str, what: str, values_max: int) -> None:
    """Refuse a text of too many values before the decoder starts, which cannot be interrupted.

    A comma separates two values; an escaped character or a list costs as much as a value.
    """
    if _weight(text) > values_max:
        raise TooMuchToRead(what, f"it has over {values_max:,} values")


def _weight(text: str) -> int:
    """Return how much work a text causes: its values, lists and escaped characters."""
    return text.count(",") + text.count("\\") + text.count("[")


class _Lenient:
    """Accepts JSON as it occurs in practice, and keeps as text what no column holds."""

    @staticmethod
    def integer(literal: str) -> int | str:
        """Return a number, or its digits where it exceeds the 64 bits that databases store."""
        if len(literal) > NUMBER_MAX_CHARS:
            return literal
        value = int(literal)
        return value if -WHOLE_NUMBER_MAX <= value <= WHOLE_NUMBER_MAX else literal

    @staticmethod
    def number(literal: str) -> float | str:
        """Return a number, or its text where it is too large for one."""
        value = float(literal) if len(literal) <= NUMBER_MAX_CHARS else math.inf
        return value if math.isfinite(value) else literal

    @staticmethod
    def constant(name: str) -> str:
        """Return NaN and the infinities, which are not JSON, as text."""
        return name

    @staticmethod
    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object; as this is Python, other threads can run between two objects."""
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError(KEY_TWICE)
        return found


class _Strict(_Lenient):
    """Refuses what `_Lenient` repairs."""

    @staticmethod
    def integer(literal: str) -> int:
        """Return a whole number of 64 bits."""
        value = _Lenient.integer(literal)
        if isinstance(value, str):
            raise ValueError("a number has more than 64 bits")  # noqa: TRY004  (the decoder's error)
        return value

    @staticmethod
    def number(literal: str) -> float:
        """Return a finite number."""
        value = _Lenient.number(literal)
        if isinstance(value, str):
            raise ValueError("a number is too large")  # noqa: TRY004  (the decoder's error)
        return value

    @staticmethod
    def constant(name: str) -> NoReturn:
        """Refuse NaN and the infinities."""
        raise ValueError(f"{name} is no JSON value")


def _decoder(rules: type[_Lenient]) -> json.JSONDecoder:
    """Return a decoder with these rules."""
    return json.JSONDecoder(
        object_pairs_hook=rules.mapping,
        parse_int=rules.integer,
        parse_float=rules.number,
        parse_constant=rules.constant,
    )


class _Exact:
    """A strict decoder for pieces."""

    decoder = _decoder(_Strict)


def _loaded(text: str, what: str, rules: type[_Lenient]) -> Any:
    """Return a JSON text as data."""
    decoder = _decoder(rules)
    try:
        if _weight(text) > JSON_VALUES_AT_ONCE_MAX:
            return decode_in_steps(text, decoder, what)
        return decoder.decode(text)
    except RecursionError as error:
        raise TooMuchToRead(what, _TOO_DEEP) from error
    except ValueError as error:
        raise Unreadable(f"{what} is not valid JSON: {error}.") from error


def _kept(data: Any, what: str) -> Any:
    """Return data with U+FFFD for what no column holds; their depth was checked before.

    Raises:
        Unreadable: two keys become the same by that.
    """
    kept = storable(data)
    if kept != data and _key_count(kept) < _key_count(data):
        raise Unreadable(f"{what} cannot be read: {KEY_TWICE}.")
    return kept


def _key_count(value: object) -> int:
    """Return the number of keys in data."""
    own = len(value) if isinstance(value, dict) else 0
    return own + sum(map(_key_count, _children(value)))


def _children(value: object) -> list[object]:
    """Return the values inside a value."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple | set) else []


def _plain(value: Any, what: str) -> Any:
    """Return YAML or JSON data as JSON data; their depth was checked before."""
    if isinstance(value, dict):
        result = {str(key): _plain(each, what) for key, each in value.items()}
        if len(result) < len(value):
            raise Unreadable(f"{what} cannot be read: {KEY_TWICE}.")
        return result
    if isinstance(value, list | tuple | set):
        return [_plain(each, what) for each in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return value if -WHOLE_NUMBER_MAX <= value <= WHOLE_NUMBER_MAX else str(value)
    return value if isinstance(value, str | None) else str(value)


def _too_large(what: str) -> TooMuchToRead:
    """Return the error for data that are larger than a card may be."""
    return TooMuchToRead(what, f"it has over {CARD_MAX_CHARS:,} characters")
