"""License files that hold no license but its name: a title, an address, or one sentence."""

from __future__ import annotations

from artifacts.rules.licensing.addresses import find_address, is_address
from artifacts.rules.licensing.families import find_family
from artifacts.rules.licensing.names import parse_license
from artifacts.rules.licensing.terms import Kind, find_terms
from artifacts.rules.patterns import Pattern

# A statement has a few lines; a title stands in the first ones.
_STATEMENT_MAX_CHARS = 600
_TITLE_CHARS = 300
_COPYRIGHT_LINE = Pattern(r"(?im)^[^\w\n]*(?:copyright|\(c\)|all rights reserved).*$")
_DATE = Pattern(
    r"(?i),? *(?:dated )?(?:[0-9]{1,2} )?(?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)(?: [0-9]{1,2})?,? [0-9]{4}"
)
# "This work is licensed under the Creative Commons Attribution 4.0 International License."
_STATEMENT = Pattern(
    r"(?i)(?:this|the|our|all)(?: [\w-]+){1,4} (?:is|are) (?:hereby )?"
    r"(?:licensed|released|distributed|made available|available|published)(?: to you)?"
    r" under (?:the )?(?:terms (?:and conditions )?of )?(?:the |an? )?(.+)"
)
# What may follow it.
_TAIL = Pattern(
    r"(?i)\.? *(?:to view a copy of this licen[cs]e, (?:please )?visit|for (?:more )?details,? see"
    r"|see) *:? *<?(https?://[^ >]+)>?(?: *(?:,? or send a letter to creative commons[^.]*"
    r"|for (?:more )?details))?\.?"
)
# The line by which files name their license (SPDX Specification, annex E).
_IDENTIFIER = "SPDX-License-Identifier:"
OF_NO_LIST = "LicenseRef-"
# The families of titles that the text of a permissive license would not have.
_RESTRICTING = (Kind.VENDOR, Kind.RESPONSIBLE_USE, Kind.RESEARCH_ONLY, Kind.SOURCE_AVAILABLE)
_TITLE_LINE_CHARS = 100
# A title with an address or a well-known license in it is a sentence about that one.
_OF_OTHERS = Pattern(r"(?i)://|apache|gnu|mozilla|creative commons|bsd|cc[ -]by")
_OF_TITLE = Pattern(r"(?i)licen[cs]e|terms of use|agreement|rail")


def find_statement(text: str) -> str:
    """Return the license that a short text names and nothing else, "" for none."""
    plain = " ".join(_COPYRIGHT_LINE.sub(" ", text[: _STATEMENT_MAX_CHARS + 1]).split())
    if not plain or len(text) > _STATEMENT_MAX_CHARS:
        return ""
    plain = _DATE.sub("", plain).strip("#*=-_ ").removeprefix(_IDENTIFIER).strip()
    linked = ""
    tail = _TAIL.search(plain)
    if tail and tail.end() == len(plain):
        linked = find_address(tail[1].rstrip("."))
        plain = plain[: tail.start()]
    stated = _STATEMENT.fullmatch(plain.rstrip(". "))
    name = (stated[1] if stated else plain).rstrip(". ")
    if name.startswith("<") or is_address(name.strip("<>")):
        name = name.strip("<>")
    license_ = parse_license(name)
    # A word such as "research" makes a family, but no license of a sentence with it.
    if not license_.is_known or OF_NO_LIST in license_.text:
        return ""
    return "" if linked and linked != license_.text else license_.text


def find_title(text: str) -> str:
    """Return the vendor's license that the title of a text names, "" for none or a freer one."""
    lines = [" ".join(each.strip("#*= \t").split()) for each in text[:_TITLE_CHARS].splitlines()]
    for line in [each for each in lines if each][:3]:
        is_title = len(line) <= _TITLE_LINE_CHARS and _OF_TITLE.search(line)
        family = find_family(line) if is_title and not _OF_OTHERS.search(line) else ""
        if family and find_terms(family).kind in _RESTRICTING:
            return family
    return ""
