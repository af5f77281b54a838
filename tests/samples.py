"""Texts that a pattern matches, made from the pattern: what hostile input begins like."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from re import _parser as parser  # what `re` itself reads with
from typing import Any

# One of these is in every class that a pattern of ours has.
_CANDIDATES = "a1 .-_A/<>\"'\n\té,;:!%(=["


def sample(pattern: str, rng: random.Random) -> str:
    """Return a text that a pattern matches, or nearly."""
    return _of_all(parser.parse(pattern.replace(r"\z", r"\Z")), rng)


def _of_all(nodes: Iterable[tuple[Any, Any]], rng: random.Random) -> str:
    """Return a sample of each of some nodes."""
    return "".join(_of(str(kind), value, rng) for kind, value in nodes)


def _of(kind: str, value: Any, rng: random.Random) -> str:
    """Return a sample of a node."""
    match kind:
        case "LITERAL":
            return chr(value)
        case "ANY":
            return rng.choice("a .")
        case "IN" | "NOT_LITERAL":
            members = [each for each in _CANDIDATES if _is_member(kind, value, each)]
            return rng.choice(members or [_first(value)])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, inner = value
            most = min(int(high), low + 4)
            return "".join(_of_all(inner, rng) for _ in range(rng.choice((low, most))))
        case "BRANCH":
            return _of_all(rng.choice(value[1]), rng)
        case "SUBPATTERN":
            return _of_all(value[-1], rng)
        case "ATOMIC_GROUP":
            return _of_all(value, rng)
    return ""


def _is_member(kind: str, value: Any, character: str) -> bool:
    """Whether a class has a character."""
    if kind == "NOT_LITERAL":
        return ord(character) != value
    is_negated = str(value[0][0]) == "NEGATE"
    return is_negated != any(_has(str(item), given, character) for item, given in value)


def _has(item: str, given: Any, character: str) -> bool:
    """Whether one item of a class is or has a character."""
    if item == "LITERAL":
        return bool(ord(character) == given)
    if item == "RANGE":
        return bool(given[0] <= ord(character) <= given[1])
    tests = {"WORD": r"\w", "SPACE": r"\s", "DIGIT": r"\d"}
    name = str(given).removeprefix("CATEGORY_")
    if item != "CATEGORY":
        return False
    found = re.fullmatch(tests[name.removeprefix("NOT_")], character) is not None
    return found != name.startswith("NOT_")


def _first(value: Any) -> str:
    """Return the first character that a class names."""
    item, given = value[0]
    return chr(given if str(item) == "LITERAL" else given[0])
