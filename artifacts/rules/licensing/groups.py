"""The few groups of licenses among which people choose, by what a license lets them do.

Source: the kinds of `terms.py`, and the question behind them: may a product use the model, and what
has to be given on.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from artifacts.rules.licensing.names import parse_license
from artifacts.rules.licensing.terms import Kind, Terms, find_terms


class LicenseGroup(StrEnum):
    """What a license lets people do, the freest first."""

    PERMISSIVE = "permissive"
    COPYLEFT = "copyleft"
    RESTRICTED = "restricted"
    # Something is stated that nobody can judge.
    UNKNOWN = "unknown"
    NONE = "none"


_FREEST_FIRST = tuple(LicenseGroup)
_OPEN = (Kind.PERMISSIVE, Kind.PUBLIC_DOMAIN)
_GIVEN_ON = (Kind.WEAK_COPYLEFT, Kind.COPYLEFT, Kind.NETWORK_COPYLEFT, Kind.SHARE_ALIKE)
# Spellings in one registry; strangers may invent more.
_SPELLINGS_KEPT_MAX = 4_096


@lru_cache(maxsize=_SPELLINGS_KEPT_MAX)
def find_group(stated: str) -> LicenseGroup:
    """Return the group of a license as it is stated.

    Of several choices (`OR`) the freest counts, since people may take it; within a choice (`AND`)
    the strictest, since all have to be kept. Never raises, whatever the text.
    """
    choices = parse_license(stated).choices
    if not choices:
        return LicenseGroup.NONE
    strictest = [max((_judge(name) for name in choice), key=_FREEST_FIRST.index)
                 for choice in choices]  # fmt: skip
    return min(strictest, key=_FREEST_FIRST.index)


def _judge(name: str) -> LicenseGroup:
    """Return the group of one license by its canonical name."""
    terms = find_terms(name)
    if terms.kind == Kind.UNKNOWN:
        return LicenseGroup.UNKNOWN
    if _is_restricted(terms) or terms.kind not in (*_OPEN, *_GIVEN_ON):
        return LicenseGroup.RESTRICTED
    return LicenseGroup.PERMISSIVE if terms.kind in _OPEN else LicenseGroup.COPYLEFT


def _is_restricted(terms: Terms) -> bool:
    """Whether some use is forbidden."""
    return terms.is_non_commercial or terms.is_no_derivatives or terms.restricts_use
