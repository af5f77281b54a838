r"""Patterns for text that strangers wrote: the only place that compiles such patterns.

Python's `re` backtracks: a short malicious text can take it minutes, while everybody else waits.
RE2 reads each character once. `search/expressions.py` decides which search expressions users may
use; `tests/architecture/test_patterns.py` checks that nothing else compiles patterns, and that none
of ours takes more than linear time.

    _NUMBER = Pattern(r"(\d{1,3})[.,](\d+)", before=r"\w.", after=r"\w")
    found = _NUMBER.search(text)
    found[1], found.start()

`search`, `match`, `fullmatch`, `finditer`, `findall`, `split` and `sub` are those of `re`, and
`count` is the length of `findall`, with these differences:

- A pattern is compiled on first use: the start of the registry compiles none.
- `before` and `after` are the inside of a character class: those characters may not stand next to
  the match. They replace `\b`, `(?<!...)` and `(?!...)`, which RE2 lacks or reads as ASCII. The
  edge of a text always qualifies. Such a pattern has no anchors and no lookaround of its own.
  Patterns with different neighbours are joined by `|`, the first one first.
- Flags stand at the start of the pattern: `(?i)`, `(?m)`, `(?s)`. `$` without `(?m)` is the very
  end, as is `\z`.
- `\w`, `\d` and `\s` mean letters, digits and blanks of all scripts, as they do in `re`; their
  opposites may not stand in a class. A pattern contains no other character beyond ASCII.
- A group that did not match is "".
- A replacement is plain text. `findall` returns whole matches, whatever groups there are.
- Methods that find all matches raise ValueError for a pattern that matches the empty text (`a*`).

Short patterns are cheap: `[a-z]*` and a check of the length found cost far less than
`[a-z]{0,2000}`, of which RE2 makes two thousand copies. An optional tail at any distance
(`a(.*b)?`) makes `finditer` read the rest of the text again for each match.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Stand-ins for characters beyond ASCII, so that one character is one byte: RE2's tables for the
# letters of all scripts are thousands of times larger, and positions in the text stay the same.
# None of the four has another case.
_LETTER, _DIGIT, _BLANK, _OTHER = "\xaa", "\xb2", "\xa0", "\xa7"
_INSIDE = {
    "d": rf"0-9{_DIGIT}",
    "s": rf"\t-\r\x1c-\x20{_BLANK}",
    "w": rf"0-9A-Za-z_{_DIGIT}{_LETTER}",
}
_ANY = "(?s:.)"
# Marks both edges of a text for patterns with neighbours; none of our classes contains it.
_EDGE = b"\x00"
# Normal texts have a few thousand different characters; remembering more is not worth the memory.
_REMEMBERED_MAX = 10_000


class Found:
    """Where a pattern was found; groups are numbered as in the pattern, 0 is all of it."""

    __slots__ = ("_match", "_neighbours", "_text")

    def __init__(self, text: str, match: Any, neighbours: int) -> None:
        """Keep a match of RE2, and how many neighbours on each side are part of it."""
        self._text, self._match, self._neighbours = text, match, neighbours

    def __getitem__(self, group: int) -> str:
        """Return what a group matched, "" if it did not match."""
        start, end = self.span(group)
        return self._text[start:end] if start >= 0 else ""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Return where a group begins and ends; below 0 if it did not match."""
        start, end = self._match.span(group)
        if not self._neighbours:
            return start, end
        # The text was read with an edge before it, and the whole match includes its neighbours.
        return (start, end - 2) if not group else (start - 1, end - 1)

    def start(self, group: int = 0) -> int:
        """Return where a group begins."""
        return self.span(group)[0]

    def end(self, group: int = 0) -> int:
        """Return where a group ends."""
        return self.span(group)[1]


class Pattern:
    """A pattern, compiled on first use."""

    __slots__ = ("_compiled", "_neighbours", "_options", "after", "before", "text")

    def __init__(self, text: str, *, before: str = "", after: str = "") -> None:
        """Keep a pattern without compiling it.

        Args:
            text: in RE2's syntax.
            before: the inside of a class: none of its characters may stand right before the match.
            after: likewise, right after it.
        """
        self.text, self.before, self.after = text, before, after
        self._neighbours = int(bool(before or after))
        self._options: tuple[Pattern, ...] = (self,)
        self._compiled: Any = None

    def __or__(self, other: Pattern) -> Pattern:
        """Return a pattern that finds what either finds, each with its own neighbours."""
        joined = Pattern("")
        joined._options = (*self._options, *other._options)
        joined._neighbours = 1
        return joined

    def __repr__(self) -> str:
        """Show the pattern as it was written."""
        return " | ".join(
            f"Pattern({each.text!r}, before={each.before!r}, after={each.after!r})"
            for each in self._options
        )

    @property
    def program_size(self) -> int:
        """Steps of RE2's program: in the worst case a character of a text costs that many."""
        return int(self._program().programsize)

    def search(self, text: str) -> Found | None:
        """Return the first match, None if there is none."""
        return self._found(text, self._program().search(self._written(text)))

    def match(self, text: str) -> Found | None:
        """Return the match at the very start, None if there is none."""
        return self._found(text, self._program().match(self._written(text)))

    def fullmatch(self, text: str) -> Found | None:
        """Return the match of the whole text, None if there is none."""
        return self._found(text, self._program().fullmatch(self._written(text)))

    def finditer(self, text: str) -> Iterator[Found]:
        """Yield the matches in order."""
        for match in self._matches(text):
            yield Found(text, match, self._neighbours)

    def findall(self, text: str) -> list[str]:
        """Return the texts of all matches."""
        inner = 2 * self._neighbours
        spans = (match.span() for match in self._matches(text))
        return [text[start : end - inner] for start, end in spans]

    def count(self, text: str) -> int:
        """Return how many matches there are."""
        return sum(1 for _ in self._matches(text))

    def split(self, text: str) -> list[str]:
        """Return the texts before, between and after the matches."""
        pieces, position = [], 0
        for found in self.finditer(text):
            start, end = found.span()
            pieces.append(text[position:start])
            position = end
        return [*pieces, text[position:]]

    def sub(self, replacement: str, text: str) -> str:
        """Return the text with each match replaced."""
        return replacement.join(self.split(text))

    def _matches(self, text: str) -> Iterator[Any]:
        """Yield RE2's matches in order."""
        program, written = self._program(), self._written(text)
        following = (
            self._next_matches(program, written) if self._neighbours else program.finditer(written)
        )
        for match in following:
            start, end = match.span()
            if end - start == 2 * self._neighbours:
                raise ValueError(f"{self!r} matches nothing, and would for ever.")
            yield match

    def _next_matches(self, program: Any, written: bytes) -> Iterator[Any]:
        """Yield matches, each of which may begin with the last character of the previous one."""
        position = 0
        while match := program.search(written, position):
            yield match
            # Step back over the neighbour after the match and the match's last character.
            position = match.end() - 2

    def _found(self, text: str, match: Any) -> Found | None:
        """Return RE2's match as ours."""
        return None if match is None else Found(text, match, self._neighbours)

    def _written(self, text: str) -> bytes:
        """Return a text as the pattern reads it: one byte for each character."""
        written = _written(text)
        return _EDGE + written + _EDGE if self._neighbours else written

    def _program(self) -> Any:
        """Return the compiled pattern."""
        if self._compiled is None:
            # Imported only when needed: most requests need no pattern at all.
            import re2

            options = re2.Options()
            options.encoding = re2.Options.Encoding.LATIN1
            options.log_errors = False
            self._compiled = re2.compile(self._expression().encode("latin-1"), options)
        return self._compiled

    def _expression(self) -> str:
        """Return the pattern in RE2's syntax."""
        if not self._neighbours:
            return _spelled_out(self.text)
        options = []
        for each in self._options:
            before = f"[^{each.before}]" if each.before else _ANY
            after = f"[^{each.after}]" if each.after else _ANY
            options.append(f"{before}(?:{each.text}){after}")
        return _spelled_out("|".join(options))


def count_words(text: str) -> int:
    """Return how many words a text has: letters and digits, with hyphens and apostrophes inside."""
    pieces = _written(text).translate(_BETWEEN_WORDS).split()
    return sum(1 for piece in pieces if piece.strip(b"'-"))


def count_words_in_any_script(text: str) -> int:
    """Return how many words a text has, also in scripts without blanks between them.

    A word of Chinese or Japanese has two characters on average.
    """
    joined = 0 if text.isascii() else sum(map(_is_ideograph, text)) // 2
    return count_words(text) + joined


def _is_ideograph(character: str) -> bool:
    """Whether a character is Chinese or Japanese: kana and the unified ideographs."""
    return "\u3041" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"


def _written(text: str) -> bytes:
    """Return a text with one byte for each character."""
    if text.isascii():
        return text.encode("ascii")
    return text.translate(_STAND_INS).encode("latin-1")


class _StandIns(dict[int, str]):
    """The stand-in of each character, determined when it first occurs."""

    def __missing__(self, code: int) -> str:
        """Return the stand-in of a character."""
        character = chr(code)
        if character.isascii():
            stand_in = character
        elif character.isdecimal():
            stand_in = _DIGIT
        elif character.isalnum():
            stand_in = _LETTER
        else:
            stand_in = _BLANK if character.isspace() else _OTHER
        if len(self) < _REMEMBERED_MAX:
            self[code] = stand_in
        return stand_in


_STAND_INS = _StandIns()
_BETWEEN_WORDS = bytes(
    code if chr(code).isalnum() or chr(code) in f"_'-{_LETTER}{_DIGIT}" else ord(" ")
    for code in range(256)
)


def _spelled_out(text: str) -> str:
    r"""Return a pattern with `\w`, `\d`, `\s` and their opposites as classes.

    Raises:
        ValueError: RE2 would read a part of it in an unexpected way.
    """
    if not text.isascii():
        raise ValueError(f"The pattern {text!r} names a character beyond ASCII.")
    pieces, position, is_in_class = [], 0, False
    while position < len(text):
        length = 1
        piece = text[position]
        if piece == "\\":
            length, letter = 2, text[position + 1]
            piece = text[position : position + 2]
            if letter in _INSIDE:
                piece = _INSIDE[letter] if is_in_class else f"[{_INSIDE[letter]}]"
            elif letter.lower() in _INSIDE and not is_in_class:
                piece = f"[^{_INSIDE[letter.lower()]}]"
            elif letter in "bBDSWZ":
                raise ValueError(f"The pattern {text!r} has {piece}; see this module's docstring.")
        elif piece == "[" and not is_in_class:
            is_in_class = True
            # A bracket that stands first in a class does not close it.
            length = 1 + text[position + 1 :].startswith("^")
            length += text[position + length :].startswith("]")
            piece = text[position : position + length]
        elif piece == "]":
            is_in_class = False
        pieces.append(piece)
        position += length
    return "".join(pieces)
