"""From what people write for a license to SPDX expressions and the names of the field.

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

from artifacts.rules.licensing.terms import TERMS
from artifacts.rules.patterns import Pattern

EXPRESSION_MAX_CHARS = 500
_NESTING_MAX = 10
# More ways to choose than any real expression offers.
_CHOICES_MAX = 64
# Words that say that nothing is stated, or nothing that anybody could judge.
_NOTHING = frozenset(("", "none", "n/a", "null", "unlicensed"))
UNKNOWN = frozenset(("unknown", "other", "noassertion", "custom", "proprietary", "see-license"))
# Spellings that are no SPDX id in another case, by what remains of them when everything but
# letters, digits and dots is left out.
_ALIASES = {
    "apache": "Apache-2.0", "apache2": "Apache-2.0", "apachev2": "Apache-2.0",
    "apacheversion2.0": "Apache-2.0",
    "mitlicense": "MIT", "expat": "MIT",
    "bsd": "BSD-3-Clause", "bsd2": "BSD-2-Clause", "bsd3": "BSD-3-Clause",
    "newbsd": "BSD-3-Clause", "simplifiedbsd": "BSD-2-Clause",
    # Without a number the licensee may choose any (GPL-2.0, section 9; GPL-3.0, section 14).
    "gpl": "GPL-2.0-or-later", "gnugeneralpublic": "GPL-2.0-or-later",
    "gnugeneralpublic3.0": "GPL-3.0-only", "gnugeneralpublic2.0": "GPL-2.0-only",
    "gnugeneralpublicv3.0": "GPL-3.0-only", "gnugeneralpublicv2.0": "GPL-2.0-only",
    "gpl2": "GPL-2.0-only", "gplv2": "GPL-2.0-only",
    "gpl2.0": "GPL-2.0-only", "gpl2.0+": "GPL-2.0-or-later", "gpl3": "GPL-3.0-only",
    "gplv3": "GPL-3.0-only", "gpl3.0": "GPL-3.0-only", "gpl3.0+": "GPL-3.0-or-later",
    "lgpl": "LGPL-2.1-or-later", "lgpl2.1": "LGPL-2.1-only", "lgpl2.1+": "LGPL-2.1-or-later",
    "lgpl3": "LGPL-3.0-only", "lgpl3.0": "LGPL-3.0-only", "lgpl3.0+": "LGPL-3.0-or-later",
    "agpl": "AGPL-3.0-only", "agplv3": "AGPL-3.0-only",
    "agpl3": "AGPL-3.0-only", "agpl3.0": "AGPL-3.0-only", "agpl3.0+": "AGPL-3.0-or-later",
    "gfdl": "GFDL-1.3-only",
    "mpl": "MPL-2.0", "mpl2": "MPL-2.0", "epl": "EPL-2.0", "eupl": "EUPL-1.2",
    "cc0": "CC0-1.0", "publicdomain": "CC0-1.0", "pddl": "PDDL-1.0",
    "ccby": "CC-BY-4.0", "ccbysa": "CC-BY-SA-4.0", "ccbync": "CC-BY-NC-4.0",
    "ccbynd": "CC-BY-ND-4.0", "ccbyncsa": "CC-BY-NC-SA-4.0", "ccbyncnd": "CC-BY-NC-ND-4.0",
    # "cc" names a family whose members allow everything or nearly nothing.
    "cc": "CC-BY-NC-ND-4.0",
    "odcby": "ODC-By-1.0", "odbl": "ODbL-1.0",
    "openrail++": "OpenRAIL++-M",
    "bigcodeopenrailmv1": "BigCode-OpenRAIL-M",
    "llama2community": "Llama-2",
    "deepfloydiflicense": "DeepFloyd-IF",
    "hrail1.0": "H-RAIL", "tongyiqianwen": "Qwen",
    "stabilityaicommunity": "Stability-Community",
    "flux1devnoncommerciallicense": "FLUX-Non-Commercial", "h2odanube": "unknown",
    "healthaideveloperfoundations": "HAI-DEF",
    "fairnoncommercialresearch": "FAIR-NC-Research",
}  # fmt: skip
# "Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)", as Kaggle and others write.
_IN_BRACKETS = Pattern(r"[\w .,-]{3,80}\(([\w .-]{2,40})\)")
_BARE_LETTERS = frozenset(string.ascii_lowercase + string.digits + ".+")
# Only names are looked up by what remains of them: brackets and asterisks belong to expressions.
_PLAIN_LETTERS = _BARE_LETTERS | frozenset(" ,_-")
_NO_NAMES = Pattern(r"the|licen[cs]e|version|v", before=r"\w", after=r"\w")
# How SPDX names what grants more than the license; other additions may take something away.
_EXCEPTION, _LINUX_EXCEPTION = "-exception", "linux-syscall-note"


def _bare(name: str) -> str:
    """Leave letters, digits, dots and plus signs only."""
    return "".join(each for each in name if each in _BARE_LETTERS)


_BY_LOWER = {name.lower(): name for name in TERMS}
_BY_BARE = {_bare(name.lower()): name for name in TERMS}


@dataclass(frozen=True)
class License:
    """A license as it can be judged.

    Attributes:
        text: the canonical expression, "" for none stated.
        choices: one of these sets has to be fulfilled, all licenses of it together; a license that
            nobody knows is in it as `unknown`.
    """

    text: str
    choices: tuple[frozenset[str], ...]

    @property
    def is_stated(self) -> bool:
        """Whether there is one at all."""
        return bool(self.choices)


@lru_cache(maxsize=256)
def parse_license(stated: str) -> License:
    """Return what somebody wrote as a license. Never raises, whatever the text."""
    text = stated.strip()
    if text.lower() in _NOTHING:
        return License("", ())
    if len(text) > EXPRESSION_MAX_CHARS or text.count("(") > _NESTING_MAX:
        return _unknown(text[:EXPRESSION_MAX_CHARS])
    single = canonical_name(text)
    if single is not None:
        return License(single, (frozenset((single,)),))
    choices = _choices_of(text)
    if choices is None:
        return _unknown(text)
    shown = [" AND ".join(sorted(choice)) for choice in choices]
    return License(" OR ".join(f"({each})" if " " in each and len(shown) > 1 else each
                               for each in shown), choices)  # fmt: skip


def canonical_name(name: str) -> str | None:
    """Return the name under which `terms.TERMS` has a license, or `unknown`; None for others."""
    if len(name) > EXPRESSION_MAX_CHARS:
        return None
    plain = name
    for found in reversed(list(_IN_BRACKETS.finditer(name))):
        plain = plain[: found.start()] + found[1] + plain[found.end() :]
    lower = "-".join(plain.lower().split())
    if lower in _BY_LOWER:
        return _BY_LOWER[lower]
    if lower in UNKNOWN:
        return "unknown"
    if not lower or not _PLAIN_LETTERS.issuperset(lower):
        return None
    bare = _bare(_NO_NAMES.sub("", lower))
    return _ALIASES.get(bare) or _BY_BARE.get(bare)


def _choices_of(text: str) -> tuple[frozenset[str], ...] | None:
    """Return the choices of an expression of several licenses, None when it is none."""
    # Imported when it is needed: most licenses are single names, and it takes a while to start.
    from license_expression import ExpressionError, Licensing

    try:
        parsed = Licensing().parse(text, validate=False, strict=False)
        choices = _normal_form(parsed)
    except (ExpressionError, RecursionError, ValueError, TypeError, AttributeError):
        return None
    return tuple(dict.fromkeys(choices)) if choices else None


def _normal_form(parsed: Any) -> list[frozenset[str]]:
    """Return an expression as choices of sets.

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
        # Judged after each part: ten parts of six choices are sixty million.
        choices = _few(one | other for one in choices for other in part)
    return choices


def _few(choices: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return choices, each once.

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
    """Return one license; an exception grants more than the license, and is left out."""
    added = getattr(symbol, "exception_symbol", None)
    if added is not None and not _is_exception(str(getattr(added, "key", "")).lower()):
        return "unknown"
    key = getattr(getattr(symbol, "license_symbol", symbol), "key", "")
    return canonical_name(str(key)) or "unknown"


def _is_exception(name: str) -> bool:
    """Whether a name is that of an exception, perhaps with its version."""
    whose, word, version = name.rpartition(_EXCEPTION)
    is_named = bool(whose and word) and _PLAIN_LETTERS.issuperset(whose)
    has_version = version[:1] == "-" and version[1:].replace(".", "").isdecimal()
    return name == _LINUX_EXCEPTION or (is_named and (not version or has_version))


def _unknown(text: str) -> License:
    """Return a license that nobody can judge."""
    return License(text, (frozenset(("unknown",)),))
