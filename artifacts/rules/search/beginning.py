"""The text with which everything that an expression matches has to begin."""

from __future__ import annotations

from artifacts.rules.search.formula import LITERAL_MAX_CHARS, LITERAL_MIN_CHARS, Literal

# What stands for itself in RE2, and has one form in both databases.
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_/:#,'\"!@%&=~<>"
)
# What makes the character before it one that may be left out.
_COUNTS = frozenset("*?+{")


def find_beginning(expression: str) -> Literal | None:
    """Return it, None if there is none or it is too short to be looked up.

    Args:
        expression: of RE2. Without flags in front of it, `^` is the beginning of the text. If it
            has alternatives anywhere, no beginning is told.
    """
    if not expression.startswith("^") or "|" in expression:
        return None
    end = 1
    while end < len(expression) and expression[end] in _PLAIN:
        end += 1
    if expression[end : end + 1] in _COUNTS:
        end -= 1
    text = expression[1:end]
    if len(text) < LITERAL_MIN_CHARS:
        return None
    return Literal(text[:LITERAL_MAX_CHARS], is_first=True)
