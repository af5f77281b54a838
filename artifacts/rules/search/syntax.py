"""Parsing an expression that RE2 has accepted.

Source: RE2's syntax page (`doc/syntax.txt`). Unknown syntax is read as "any character", which errs
on the side of refusing a repetition and of searching without the index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from artifacts.rules.search.nodes import ANY, EMPTY, LAST_CODE_POINT, Automaton, Node, Ranges

_DIGITS: Ranges = ((48, 57),)
_SPACES: Ranges = ((9, 10), (12, 13), (32, 32))
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_PERL = {"d": _DIGITS, "s": _SPACES, "w": _WORD}
_CONTROL = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_COUNTS = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|([imsU]*)(?:-([imsU]*))?(:|\))))?")
_ESCAPE = re.compile(
    r"\\(?:x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3})|[pP](?:\{[^}]*\}|.)|(.))", re.DOTALL
)
_CLASS_WORD = re.compile(r"\[:\^?\w+:\]")
# Letters with a third form beside the two in the databases' case-folding tables: the long s and the
# Kelvin sign.
_ODD_LETTERS = frozenset("kKsS")
_FIRST_PRINTABLE, _FIRST_NOT_ASCII = 32, 128


@dataclass
class _Group:
    """An open group: its finished options, and the items of the current one."""

    flags: frozenset[str]
    options: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


class Parser:
    """Parses one expression, and fills `automaton` as it does."""

    def __init__(self, text: str) -> None:
        """Begin at the start, outside any group."""
        self.automaton = Automaton()
        self._text = text
        self._at = 0
        self._open = [_Group(frozenset())]

    def parse(self) -> Node:
        """Read to the end and return the whole expression as one part."""
        while self._at < len(self._text):
            self._step()
        while len(self._open) > 1:
            self._close()
        return self._finished(self._open[0])

    def _step(self) -> None:
        """Read one item, quantifier, bar or bracket."""
        group, character = self._open[-1], self._text[self._at]
        counts = _COUNTS.match(self._text, self._at)
        if character == "(":
            self._begin()
        elif character == ")":
            self._at += 1
            self._close()
        elif character == "|":
            self._at += 1
            group.options.append(self.automaton.sequence(group.items or [EMPTY]))
            group.items = []
        elif group.items and (character in "*+?" or counts):
            self._quantify(group, character, counts)
        elif character == "[":
            self._read_class(group)
        elif character == "\\":
            self._read_escape(group)
        elif character in "^$":
            self._at += 1
            # Zero-width: it separates texts, since a line may end between them.
            group.items.append(Node(nullable=True))
        else:
            self._at += 1
            self._add_character(group, character, is_dot=character == ".")

    def _begin(self) -> None:
        """Open a group, or set flags for the rest of this one."""
        found = _GROUP.match(self._text, self._at)
        flags = self._open[-1].flags
        if found is None:
            self._at += 1
            self._open.append(_Group(flags))
            return
        self._at = found.end()
        if found[3] is not None:
            flags = (flags | set(found[1] or "")) - set(found[2] or "")
        if found[3] == ")":
            self._open[-1].flags = flags
        else:
            self._open.append(_Group(flags))

    def _close(self) -> None:
        """End the innermost group."""
        node = self._finished(self._open.pop())
        self._open[-1].items.append(node)

    def _finished(self, group: _Group) -> Node:
        """Return a group as one part."""
        return self.automaton.choice(
            [*group.options, self.automaton.sequence(group.items or [EMPTY])]
        )

    def _quantify(self, group: _Group, character: str, counts: re.Match[str] | None) -> None:
        """Repeat the last item."""
        bounds: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        low, high = bounds.get(character, (0, None))
        if counts:
            low = int(counts[1])
            high = low if counts[2] is None else int(counts[3]) if counts[3] else None
        self._at = counts.end() if counts else self._at + 1
        if self._text[self._at : self._at + 1] == "?":
            self._at += 1  # non-greedy: the same texts
        group.items.append(self.automaton.repeat(group.items.pop(), low, high))

    def _read_escape(self, group: _Group) -> None:
        """Read what follows a backslash."""
        if self._text.startswith(r"\Q", self._at):
            end = self._text.find(r"\E", self._at)
            end = len(self._text) if end < 0 else end
            for character in self._text[self._at + 2 : end]:
                self._add_character(group, character)
            self._at = end + 2
            return
        if self._text.startswith(r"\E", self._at):
            self._at += 2
            return
        letter = self._text[self._at + 1 : self._at + 2]
        if letter in "bBAzZ":
            self._at += 2
            group.items.append(Node(nullable=True))
            return
        start = self._at
        ranges, one = self._escape()
        if one is None:
            name = self._text[start : self._at] if ranges == ANY else ""
            group.items.append(self.automaton.character(ranges, symbol=(ranges, name)))
        else:
            self._add_character(group, one)

    def _escape(self) -> tuple[Ranges, str | None]:
        """Return the meaning of an escape: its ranges, and its character if it is a single one."""
        found = _ESCAPE.match(self._text, self._at)
        if found is None:
            self._at += 2
            return ANY, None
        self._at = found.end()
        number = found[1] or found[2]
        if number or found[3]:
            code = int(number, 16) if number else int(found[3], 8)
            return ((code, code),), chr(min(code, LAST_CODE_POINT))
        letter: str | None = found[4]
        if letter is None or letter == "C":
            return ANY, None  # a Unicode class, or a byte
        if letter.lower() in _PERL:
            ranges = _PERL[letter.lower()]
            return (ranges if letter.islower() else _negated(ranges)), None
        code = _CONTROL.get(letter, ord(letter))
        return ((code, code),), chr(code)

    def _read_class(self, group: _Group) -> None:
        """Read `[...]`."""
        start, fold = self._at, "i" in group.flags
        self._at += 1
        is_negated = self._text[self._at : self._at + 1] == "^"
        self._at += is_negated
        listed, is_known = self._class_items()
        ranges = tuple(listed + (_other_case(listed) if fold else []))
        is_known = is_known and not (fold and ranges[-1][1] == LAST_CODE_POINT)
        if is_negated:
            # The complement of an unknown set is unknown.
            ranges = _negated(ranges) if is_known else ANY
        name = "" if is_known else f"{self._text[start : self._at]}{fold}"
        group.items.append(self.automaton.character(ranges, symbol=(ranges, name)))

    def _class_items(self) -> tuple[list[tuple[int, int]], bool]:
        """Read up to the closing bracket; the flag says whether all items are known."""
        ranges: list[tuple[int, int]] = []
        is_first = is_known = True
        while self._at < len(self._text) and (is_first or self._text[self._at] != "]"):
            is_first = False
            word = _CLASS_WORD.match(self._text, self._at)
            if word:
                self._at = word.end()
                ranges += ANY
                is_known = False
                continue
            low, one = self._class_item()
            is_known = is_known and low != ANY
            if (
                one
                and self._text[self._at : self._at + 1] == "-"
                and self._text[self._at + 1 : self._at + 2] not in ("]", "")
            ):
                self._at += 1
                high, _ = self._class_item()
                low = ((low[0][0], high[-1][1]),)
            ranges += low
        self._at += 1
        return ranges, is_known

    def _class_item(self) -> tuple[Ranges, bool]:
        """Read a character or an escape in `[...]`; the flag says whether it is one character."""
        if self._text[self._at] == "\\":
            ranges, character = self._escape()
            return ranges, character is not None
        code = ord(self._text[self._at])
        self._at += 1
        return ((code, code),), True

    def _add_character(self, group: _Group, character: str, *, is_dot: bool = False) -> None:
        """Add a literal character, or the dot."""
        if is_dot:
            ranges = ANY if "s" in group.flags else _negated(((10, 10),))
            group.items.append(self.automaton.character(ranges))
            return
        code, fold = ord(character), "i" in group.flags
        ranges = ((code, code), *(_other_case([(code, code)]) if fold else ()))
        # A lone surrogate occurs in no text, and an index cannot look it up.
        is_text = code >= _FIRST_PRINTABLE and not _is_surrogate(code)
        is_plain = is_text and not (
            fold and (code >= _FIRST_NOT_ASCII or character in _ODD_LETTERS)
        )
        forms = {character, character.lower(), character.upper()} if fold else {character}
        codes = sorted(ord(form) for form in forms if len(form) == 1)
        group.items.append(
            self.automaton.character(
                ranges,
                character if is_plain else None,
                is_folded=fold and is_plain and character.isalpha(),
                symbol=(tuple((each, each) for each in codes), ""),
            )
        )


def _is_surrogate(code: int) -> bool:
    """Whether a code point is half of a surrogate pair, which RE2 accepts by its number."""
    return 0xD800 <= code <= 0xDFFF  # noqa: PLR2004  (Unicode's own numbers)


def _negated(ranges: Ranges) -> Ranges:
    """Return all characters outside the ranges."""
    result, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            result.append((start, low - 1))
        start = max(start, high + 1)
    if start <= LAST_CODE_POINT:
        result.append((start, LAST_CODE_POINT))
    return tuple(result)


def _other_case(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the letters of the other case; beyond ASCII, every character might be one."""
    result: list[tuple[int, int]] = []
    for low, high in ranges:
        for start, end, shift in ((65, 90, 32), (97, 122, -32)):
            if max(low, start) <= min(high, end):
                result.append((max(low, start) + shift, min(high, end) + shift))
        if high >= _FIRST_NOT_ASCII:
            result.append((_FIRST_NOT_ASCII, LAST_CODE_POINT))
    return result
