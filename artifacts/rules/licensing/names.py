"""Turning license names as people write them into SPDX expressions and usual names.

Source: SPDX Specification 3.0, annex B (license expressions), as the library license-expression
reads them; Hugging Face Hub documentation, "Licenses" (its ids are SPDX ids in lower case, families
such as `openrail`, and names of vendors).
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from artifacts.rules.licensing.addresses import find_address, is_address
from artifacts.rules.licensing.families import find_family
from artifacts.rules.licensing.spellings import find_spelling
from artifacts.rules.licensing.terms import find_terms
from artifacts.rules.patterns import Pattern

EXPRESSION_MAX_CHARS = 500
_NESTING_MAX = 10
# More choices than any real expression offers.
_CHOICES_MAX = 64
# Words that mean that no license is stated, or none that anybody could judge.
_NOTHING = frozenset(("", "none", "n/a", "null", "unlicensed"))
UNKNOWN = frozenset((
    "custom", "license", "noassertion", "other", "other-(specified-in-description)",
    "other-license", "others", "proprietary", "see-license", "see-license-file", "unknown",
))  # fmt: skip
# "Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)", as Kaggle and others write it.
_IN_BRACKETS = Pattern(r"[\w .,-]{3,80}\(([\w .-]{2,40})\)")
# Python's classifiers: `License :: OSI Approved :: MIT License`.
_WITHIN = "::"
_PLAIN_LETTERS = frozenset(string.ascii_lowercase + string.digits + ".+ ,_-")
# Between names that are all known: a choice, as Cargo wrote it once, and a list.
_CHOICE = "/"
_LIST = Pattern(r"[,;&]")
_OPERATORS = (" AND ", " OR ", " WITH ")
# SPDX names of additions that grant more than the license; other additions may restrict it.
_EXCEPTION, _LINUX_EXCEPTION = "-exception", "linux-syscall-note"


@dataclass(frozen=True)
class License:
    """A parsed license.

    Attributes:
        text: the canonical expression, "" for none stated.
        choices: sets of licenses; the licensee has to fulfil every license of one set. Licenses
            that nobody knows appear as `unknown`.
    """

    text: str
    choices: tuple[frozenset[str], ...]

    @property
    def is_stated(self) -> bool:
        """Whether any license is stated."""
        return bool(self.choices)

    @property
    def is_known(self) -> bool:
        """Whether it has a choice of which every license is known."""
        return _has_known(self.choices)


@lru_cache(maxsize=256)
def parse_license(stated: str) -> License:
    """Parse a stated license. Never raises, whatever the text."""
    text = stated.strip()
    if text.lower() in _NOTHING:
        return License("", ())
    if len(text) > EXPRESSION_MAX_CHARS or text.count("(") > _NESTING_MAX:
        return _unknown(text[:EXPRESSION_MAX_CHARS])
    single = canonical_name(text)
    if single is not None:
        return License(single, (frozenset((single,)),))
    choices = _read_signs(text) or _read_choices(text)
    if choices is None or not _has_known(choices):
        # "and" in small letters may be a word of a name.
        family = "" if any(each in text for each in _OPERATORS) else find_family(text)
        if family:
            return License(family, (frozenset((family,)),))
    if choices is None or set().union(*choices) == {"unknown"}:
        return _unknown(text)
    shown = [" AND ".join(sorted(choice)) for choice in choices]
    return License(" OR ".join(f"({each})" if " " in each and len(shown) > 1 else each
                               for each in shown), choices)  # fmt: skip


def choose_stated(stated: str, name: str, link: str) -> str:
    """Return what says most about a license of the Hub: `license`, `license_name`, `license_link`.

    A name stands beside `other`. The link decides if nobody knows the name.

    Source: Hub documentation, "Licenses" and "Model Cards".
    """
    if not says_nothing(stated):
        return stated
    if not says_nothing(name) and parse_license(name).is_known:
        return name
    linked = find_address(link.strip())
    # A name that nobody knows may stand for an addition to the permissive license that it links.
    if linked and (says_nothing(name) or find_terms(linked).restricts_use):
        return linked
    return name.strip() or stated


def says_nothing(name: str) -> bool:
    """Whether a name names no license."""
    lower = "-".join(name.lower().split())
    return lower in UNKNOWN or lower in _NOTHING


def canonical_name(name: str) -> str | None:
    """Return the name of a license in `terms.TERMS` or on SPDX's list; None for other texts.

    `unknown` stands for words such as "other", which name no license.
    """
    if len(name) > EXPRESSION_MAX_CHARS:
        return None
    if is_address(name):
        return find_address(name) or None
    name = name.rpartition(_WITHIN)[2].strip()
    plain = name
    for found in reversed(list(_IN_BRACKETS.finditer(name))):
        plain = plain[: found.start()] + found[1] + plain[found.end() :]
    if "-".join(plain.lower().split()) in UNKNOWN:
        return "unknown"
    return find_spelling(plain) or find_spelling(name) or None


def _read_signs(text: str) -> tuple[frozenset[str], ...] | None:
    """Return the choices of names between signs, None unless each of them is known."""
    options = text.split(_CHOICE)
    names = [canonical_name(each) for each in options]
    known = [each for each in names if each not in (None, "unknown")]
    if len(options) > 1 and len(known) == len(options):
        return tuple(frozenset((each,)) for each in dict.fromkeys(known) if each)
    names = [canonical_name(each) for each in _LIST.split(text)]
    known = [each for each in names if each not in (None, "unknown")]
    if len(names) > 1 and len(known) == len(names):
        return (frozenset(each for each in known if each),)
    return None


def _has_known(choices: tuple[frozenset[str], ...]) -> bool:
    """Whether every license of one choice is known."""
    return any("unknown" not in choice for choice in choices)


def _read_choices(text: str) -> tuple[frozenset[str], ...] | None:
    """Return the choices of an expression of several licenses, None if it is not one."""
    # Imported only when needed: most licenses are single names, and it is slow to import.
    from license_expression import ExpressionError, Licensing

    try:
        parsed = Licensing().parse(text, validate=False, strict=False)
        choices = _normal_form(parsed)
    except (ExpressionError, RecursionError, ValueError, TypeError, AttributeError):
        return None
    return tuple(dict.fromkeys(choices)) if choices else None


def _normal_form(parsed: Any) -> list[frozenset[str]]:
    """Return an expression as alternative sets of licenses.

    Raises:
        ValueError: there are too many.
    """
    operator = getattr(parsed, "operator", "")
    if not operator:
        return [frozenset((_symbol(parsed),))]
    parts = [_normal_form(each) for each in parsed.args]
    if operator == " OR ":
        return _few(choice for part in parts for choice in part)
    choices: list[frozenset[str]] = [frozenset()]
    for part in parts:
        # Limited after each part: ten parts of six choices make sixty million.
        choices = _few(one | other for one in choices for other in part)
    return choices


def _few(choices: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return each choice once.

    Raises:
        ValueError: there are too many.
    """
    found: dict[frozenset[str], None] = {}
    for choice in choices:
        found[choice] = None
        if len(found) > _CHOICES_MAX:
            raise ValueError("The expression offers too many choices.")
    return list(found)


def _symbol(symbol: Any) -> str:
    """Return one license; exceptions are left out, since they grant more than the license."""
    added = getattr(symbol, "exception_symbol", None)
    if added is not None and not _is_exception(str(getattr(added, "key", "")).lower()):
        return "unknown"
    key = getattr(getattr(symbol, "license_symbol", symbol), "key", "")
    return canonical_name(str(key)) or find_family(str(key)) or "unknown"


def _is_exception(name: str) -> bool:
    """Whether a name is that of an exception, perhaps with a version."""
    whose, word, version = name.rpartition(_EXCEPTION)
    is_named = bool(whose and word) and _PLAIN_LETTERS.issuperset(whose)
    has_version = version[:1] == "-" and version[1:].replace(".", "").isdecimal()
    return name == _LINUX_EXCEPTION or (is_named and (not version or has_version))


def _unknown(text: str) -> License:
    """Return a license that nobody can judge."""
    return License(text, (frozenset(("unknown",)),))
