"""Strangers' regular expressions: in RE2 syntax, bounded, and safe for other engines too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import re2

from artifacts.exceptions import InvalidExpression
from artifacts.limits import (
    REGEX_COMPILE_MEMORY_BYTES,
    REGEX_MAX_CHARS,
    REGEX_MEMORY_BYTES,
    REGEX_PLACES_MAX,
    REGEX_PROGRAM_MAX,
    REGEX_SMALL_PROGRAM_MAX,
)
from artifacts.rules.search.ambiguity import is_ambiguous
from artifacts.rules.search.beginning import find_beginning
from artifacts.rules.search.formula import Formula, require_all
from artifacts.rules.search.nodes import Node, find_required
from artifacts.rules.search.states import has_few_states
from artifacts.rules.search.syntax import Parser

_TOO_LARGE = "pattern too large"


@dataclass(frozen=True)
class Expression:
    """An expression that was checked and may be used in a search.

    Attributes:
        required: what every matching text contains, ignoring case; None if an index could not find
            it.
    """

    pattern: Any
    required: Formula | None

    def matches(self, text: str) -> bool:
        """Whether the expression matches anywhere in a text, in time linear in its length.

        A megabyte usually takes less than a hundredth of a second, and at most about one second.
        """
        return self.pattern.search(text.encode("utf-8", "replace")) is not None


def compile_expression(text: str) -> Expression:
    """Return an expression to search with.

    Raises:
        InvalidExpression: it is empty, too long, not valid in RE2, repeats ambiguously, or would
            make RE2 do too much for each character of a text.
    """
    if not text:
        raise InvalidExpression("The regular expression is empty. Use .* to find everything.")
    if len(text) > REGEX_MAX_CHARS:
        raise InvalidExpression(
            f"The regular expression has {len(text):,} characters; at most {REGEX_MAX_CHARS:,} "
            "are taken."
        )
    # Far too large expressions are refused before memory and time are spent on them.
    if _compile(text, REGEX_COMPILE_MEMORY_BYTES).programsize > REGEX_PROGRAM_MAX:
        raise _too_large()
    parser = Parser(text)
    whole = parser.parse()
    if is_ambiguous(parser.automaton):
        raise InvalidExpression(
            "The expression repeats something that repeats, or alternatives that overlap, as in "
            "(a+)+ or (a|aa)*. Many programs would hang on it. Write the repetition once: a+."
        )
    pattern = _compile(text, REGEX_MEMORY_BYTES)
    _check_size(pattern, whole)
    return Expression(pattern, require_all([find_beginning(text), find_required(whole)]))


def _compile(text: str, memory_bytes: int) -> Any:
    """Compile an expression with RE2.

    Raises:
        InvalidExpression: RE2 refuses it, or needs more memory than that.
    """
    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory_bytes
    # Nobody needs what a group matched, and RE2 would have to read every match again, slowly.
    options.never_capture = True
    try:
        return re2.compile(text.encode(), options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = _reason(error)
        if reason.startswith(_TOO_LARGE):
            raise _too_large() from error
        raise InvalidExpression(
            f"This is no regular expression in RE2 syntax ({reason}). RE2 has no "
            "back-references, no look-around, and no repeats over 1,000."
        ) from error
    finally:
        # The module would cache the last 128 expressions, each with all the memory it may use.
        re2.purge()


def _check_size(pattern: Any, whole: Node) -> None:
    """Refuse an expression for which RE2 could need many steps per character.

    Raises:
        InvalidExpression: its program is too large, or it is not small and has too many states.
    """
    program = max(pattern.programsize, pattern.reverseprogramsize)
    if program > REGEX_PROGRAM_MAX:
        raise _too_large()
    places = REGEX_PLACES_MAX + 1 if whole.unrolled is None else len(whole.unrolled.symbols)
    if program <= REGEX_SMALL_PROGRAM_MAX and places <= REGEX_PLACES_MAX:
        return
    if whole.unrolled is None or not has_few_states(whole.unrolled):
        raise InvalidExpression(
            f"The expression stands for {program:,} steps, which one text can go through in too "
            "many ways at once: every character of it would cost that much. Repeat less often "
            "(.{0,100} rather than .{0,1000}), or leave the end open (.*)."
        )


def _too_large() -> InvalidExpression:
    """Return the error for an expression that is too large, whatever it means."""
    return InvalidExpression(
        f"The expression stands for over {REGEX_PROGRAM_MAX:,} steps once its repeats and classes "
        r"are written out. Repeat less often, or repeat less: [a-z] rather than \pL."
    )


def _reason(error: Exception) -> str:
    """Return RE2's own error message."""
    words = error.args[0] if error.args else ""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
