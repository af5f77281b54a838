"""The header of a safetensors file, checked without loading a tensor.

It is read piece by piece: a header may have 100 MB, and reading that as one JSON document takes a
gigabyte and blocks every other thread of the process for seconds.

Source: the format's description in the safetensors repository (`README.md`, "Format"): eight bytes
of little-endian length, that many bytes of JSON, then the data, which the tensors cover without
holes or overlaps. What its reader refuses (`tensor.rs`: types, shapes, `__metadata__`) is refused
here; a key twice, of which it takes the last, is refused here alone.
"""

from __future__ import annotations

import codecs
import heapq
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from artifacts.exceptions import ArchiveRefused, TooMuchToRead, Unreadable
from artifacts.limits import (
    SAFETENSORS_ENTRY_MAX_BYTES,
    SAFETENSORS_HEADER_MAX_BYTES,
    SAFETENSORS_TENSORS_MAX,
)
from artifacts.rules.archives.safetensors_entries import (
    METADATA,
    read_metadata,
    read_span,
    say_broken,
    say_no_entry,
)
from artifacts.rules.budget import judging
from artifacts.rules.documents import read_json_at

_LENGTH = struct.Struct("<Q")
_WHAT = "The header of a safetensors file"
_BLANKS = " \t\r\n"
# How much is read at once, and how little of it may be left before more is read: several usual
# entries.
_PIECE_BYTES, _LEFT_CHARS = 65_536, 4_096
# How many spans one call sorts.
_SORTED_AT_ONCE = 4_096


@dataclass(frozen=True)
class Header:
    """The content of a header.

    Attributes:
        tensors: the number of tensors.
        metadata: the free text that the format allows beside them.
    """

    tensors: int
    metadata: dict[str, str]


def check_header(file: IO[bytes], size_bytes: int) -> Header:
    """Read a header and check that it describes a file of this size.

    Raises:
        ArchiveRefused: the header is cut off, too long, not JSON, or does not fit the file.
        TooMuchToRead: it names too many tensors, or holds too long a text.
    """
    prefix = file.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        raise say_broken(f"it has {len(prefix)} bytes, fewer than the length of a header takes")
    (header_bytes,) = _LENGTH.unpack(prefix)
    data_bytes = size_bytes - _LENGTH.size - header_bytes
    if header_bytes > SAFETENSORS_HEADER_MAX_BYTES:
        raise say_broken(
            f"its header is said to have {header_bytes:,} bytes; "
            f"the format allows {SAFETENSORS_HEADER_MAX_BYTES:,}"
        )
    if data_bytes < 0:
        raise say_broken(f"its header of {header_bytes:,} bytes is longer than the file")
    metadata: dict[str, str] = {}
    spans = _Spans()
    # Hashes, since names may be long: 64 bits, keyed with a secret of this process, so that nobody
    # can find two names with the same hash.
    names: set[int] = set()
    with judging() as budget:
        # Even small headers add up, since a zip may hold thousands of them.
        budget.spend(_WHAT)
        for name, entry in _Entries(file, header_bytes):
            budget.spend(_WHAT)
            known = len(names)
            names.add(hash(name))
            if len(names) == known:
                # Two readers may pick different entries, and load different weights.
                raise say_broken("its header has a key twice")
            if name == METADATA:
                metadata = read_metadata(entry)
            else:
                spans.add(*read_span(name, entry))
        spans.check_coverage(data_bytes)
    return Header(spans.count, metadata)


class _Entries:
    """Yields name and value of each entry of a header, reading only as much as needed."""

    def __init__(self, file: IO[bytes], header_bytes: int) -> None:
        """Keep the file; read nothing yet."""
        self._file, self._left_bytes = file, header_bytes
        # UTF-8 only: `json` would also guess UTF-16 and UTF-32, which no other reader accepts.
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._place = "", 0

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the entries of the header's object."""
        self._expect("{")
        if self._next() == "}":
            self._expect("}")
        else:
            follows = ","
            while follows == ",":
                name = self._value('"', _no_json())
                self._expect(":")
                yield name, self._value("{n", say_no_entry(name))
                follows = self._expect(",}")
        if self._next():
            raise _no_json()

    def _next(self) -> str:
        """Return the next character that is not blank, without consuming it; "" at the end."""
        while True:
            self._read_on(_LEFT_CHARS)
            rest = self._text[self._place : self._place + _LEFT_CHARS]
            found = rest.lstrip(_BLANKS)
            self._place += len(rest) - len(found)
            if found or not rest:
                return found[:1]

    def _expect(self, characters: str) -> str:
        """Consume one of these characters."""
        found = self._next()
        if not found or found not in characters:
            raise _no_json()
        self._place += 1
        return found

    def _value(self, begins: str, fault: ArchiveRefused) -> Any:
        """Consume a text, an object or null, all of which mark their own end."""
        if (self._next() or " ") not in begins:
            raise fault
        wanted = _LEFT_CHARS
        while True:
            try:
                value, self._place = read_json_at(self._text, self._place, "A header")
            except Unreadable as error:
                # Broken, or not fully read yet.
                if len(self._text) - self._place >= SAFETENSORS_ENTRY_MAX_BYTES:
                    raise TooMuchToRead(
                        _WHAT,
                        f"one entry has over {SAFETENSORS_ENTRY_MAX_BYTES:,} characters",
                    ) from error
                if not self._left_bytes:
                    raise _no_json() from error
                wanted = max(2 * wanted, 2 * (len(self._text) - self._place))
                self._read_on(wanted)
            else:
                return value

    def _read_on(self, wanted_chars: int) -> None:
        """Read until so many characters are buffered, or the header ends."""
        if len(self._text) - self._place >= wanted_chars or not self._left_bytes:
            return
        pieces = [self._text[self._place :]]
        held = len(pieces[0])
        while held < wanted_chars and self._left_bytes:
            raw = self._file.read(min(max(_PIECE_BYTES, wanted_chars - held), self._left_bytes))
            if not raw:
                raise say_broken("its header is cut off")
            self._left_bytes -= len(raw)
            try:
                pieces.append(self._decoder.decode(raw, final=not self._left_bytes))
            except UnicodeDecodeError as error:
                raise _no_json() from error
            held += len(pieces[-1])
        self._text, self._place = "".join(pieces), 0


class _Spans:
    """Where the data of tensors begin and end."""

    def __init__(self) -> None:
        """Begin with none."""
        # Arrays of machine integers: a quarter of the memory of Python's integers.
        self._starts, self._ends = array("q"), array("q")

    @property
    def count(self) -> int:
        """The number of spans."""
        return len(self._starts)

    def add(self, start: int, end: int) -> None:
        """Add a span.

        Raises:
            TooMuchToRead: there are too many.
        """
        if self.count >= SAFETENSORS_TENSORS_MAX:
            raise TooMuchToRead(_WHAT, f"it names over {SAFETENSORS_TENSORS_MAX:,} tensors")
        self._starts.append(start)
        self._ends.append(end)

    def check_coverage(self, data_bytes: int) -> None:
        """Check that the spans cover each byte of the data once.

        Raises:
            ArchiveRefused: they do not.
        """
        position = 0
        for start, end in self._in_order():
            if start != position or end < start:
                raise say_broken("its tensors leave a hole in the data or overlap")
            position = end
        if position != data_bytes:
            raise say_broken(
                f"its tensors take {position:,} bytes, and the file has {data_bytes:,}"
            )

    def _in_order(self) -> Iterator[tuple[int, int]]:
        """Yield the spans sorted; in pieces, since a call that sorts blocks other threads."""
        pieces = (
            sorted(
                zip(
                    self._starts[first : first + _SORTED_AT_ONCE],
                    self._ends[first : first + _SORTED_AT_ONCE],
                    strict=True,
                )
            )
            for first in range(0, self.count, _SORTED_AT_ONCE)
        )
        return heapq.merge(*pieces)


def _no_json() -> ArchiveRefused:
    """Return the error for a header that is not a JSON object."""
    return say_broken("its header is no JSON object")
