"""Decoding a long JSON text in short steps.

A call of the decoder, which is C code, blocks every other thread of the process until it returns:
an object of a million keys takes half a second. So the decoder only gets values that fit into a
small piece; larger lists and objects are assembled here, where other threads can run and the budget
is checked. `documents` decides which texts are long.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from artifacts.rules.budget import judging

_BLANKS = " \t\r\n"
# Most entries of a list of files are shorter; the decoder takes microseconds for this much.
_PIECE_CHARS = 1_024
KEY_TWICE = "a key stands in it twice"
_NOT_JSON = "a list or object does not go on as it should"


def decode_in_steps(
    text: str,
    decoder: json.JSONDecoder,
    what: str,
) -> Any:
    """Return a JSON text as data; a duplicate key is an error.

    Args:
        what: the beginning of a sentence, for `TooMuchToRead`.

    Raises:
        ValueError, RecursionError: as the decoder does.
        TooMuchToRead: the budget is used up.
    """
    with judging() as budget:
        steps = _Steps(text, decoder, lambda: budget.spend(what))
        value, end = steps.value(0)
        if steps.skip(end) != len(text):
            raise ValueError("something follows the end")
        return value


class _Steps:
    """Reads values of one text; each method takes a place and returns where it stopped."""

    def __init__(
        self,
        text: str,
        decoder: json.JSONDecoder,
        spend: Callable[[], None],
    ) -> None:
        """Keep the text; read nothing yet."""
        self._text, self._decoder, self._spend = text, decoder, spend

    def value(self, place: int) -> tuple[Any, int]:
        """Read a value, in one step if it is short."""
        self._spend()
        place = self.skip(place)
        first = self._text[place : place + 1]
        if first not in ("[", "{"):
            return self._decoder.raw_decode(self._text, place)
        try:
            value, length = self._decoder.raw_decode(self._text[place : place + _PIECE_CHARS])
        except ValueError:
            # Longer than a piece, or broken, which shows as reading continues.
            return self._list(place + 1) if first == "[" else self._object(place + 1)
        return value, place + length

    def skip(self, place: int) -> int:
        """Return the place of the next character that is not blank."""
        while self._text[place : place + 1] in _BLANKS and place < len(self._text):
            self._spend()
            blanks = self._text[place : place + _PIECE_CHARS]
            place += len(blanks) - len(blanks.lstrip(_BLANKS))
        return place

    def _list(self, place: int) -> tuple[list[Any], int]:
        """Read a list from after its opening bracket."""
        values: list[Any] = []
        place = self.skip(place)
        if self._text[place : place + 1] == "]":
            return values, place + 1
        while True:
            value, place = self.value(place)
            values.append(value)
            is_last, place = self._is_last(place, "]")
            if is_last:
                return values, place

    def _object(self, place: int) -> tuple[dict[str, Any], int]:
        """Read an object from after its opening brace."""
        found: dict[str, Any] = {}
        place = self.skip(place)
        if self._text[place : place + 1] == "}":
            return found, place + 1
        while True:
            place = self.skip(place)
            if self._text[place : place + 1] != '"':
                raise ValueError(_NOT_JSON)
            name, place = self._decoder.raw_decode(self._text, place)
            place = self.skip(place)
            if self._text[place : place + 1] != ":":
                raise ValueError(_NOT_JSON)
            value, place = self.value(place + 1)
            if name in found:
                raise ValueError(KEY_TWICE)
            found[name] = value
            is_last, place = self._is_last(place, "}")
            if is_last:
                return found, place

    def _is_last(self, place: int, end: str) -> tuple[bool, int]:
        """Read what follows a value: a comma, or the end."""
        place = self.skip(place)
        follows = self._text[place : place + 1]
        if follows not in (",", end) or not follows:
            raise ValueError(_NOT_JSON)
        return follows == end, place + 1
