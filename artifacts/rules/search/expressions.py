"""Regular expressions of strangers: RE2 syntax, bounded, and fit for other engines too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import re2

from artifacts.exceptions import InvalidExpression
from artifacts.limits import REGEX_MAX_CHARS, REGEX_MEMORY_BYTES
from artifacts.rules.search.ambiguity import is_ambiguous
from artifacts.rules.search.nodes import Formula, required_of
from artifacts.rules.search.syntax import Parser


@dataclass(frozen=True)
class Expression:
    """An expression that may be searched for.

    Attributes:
        required: what every matching text contains, compared without regard to case; None when
            that is nothing an index could find.
    """

    pattern: Any
    required: Formula | None

    def matches(self, text: str) -> bool:
        """Whether the expression is found anywhere in a text, in time linear in its length."""
        return self.pattern.search(text.encode("utf-8", "replace")) is not None


def compile_expression(text: str) -> Expression:
    """Return an expression to search with.

    Raises:
        InvalidExpression: it is empty, too long, no RE2, or repeats ambiguously.
    """
    if not text:
        raise InvalidExpression("The regular expression is empty. Use .* to find everything.")
    if len(text) > REGEX_MAX_CHARS:
        raise InvalidExpression(
            f"The regular expression has {len(text):,} characters; at most {REGEX_MAX_CHARS:,} "
            "are taken."
        )
    options = re2.Options()
    options.log_errors = False
    options.max_mem = REGEX_MEMORY_BYTES
    try:
        pattern = re2.compile(text.encode(), options)
    except (re2.error, UnicodeEncodeError) as error:
        raise InvalidExpression(
            f"This is no regular expression in RE2 syntax ({_reason(error)}). RE2 has no "
            "back-references, no look-around, and no repeats over 1,000."
        ) from error
    parser = Parser(text)
    whole = parser.parse()
    if is_ambiguous(parser.automaton):
        raise InvalidExpression(
            "The expression repeats something that repeats, or alternatives that overlap, as in "
            "(a+)+ or (a|aa)*. Many programs would hang on it. Write the repetition once: a+."
        )
    return Expression(pattern, required_of(whole))


def _reason(error: Exception) -> str:
    """Return RE2's own words for what is wrong."""
    words = error.args[0] if error.args else ""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
