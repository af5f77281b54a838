"""What the catalogue can be narrowed by, and how many artifacts each choice would leave.

A facet is a condition for the database and the same as a question to a row, so that what is counted
is what a click shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db.models import Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from artifacts.database.in_order import InOrder
from artifacts.enums import ArtifactType, ContentState, SourceKind
from artifacts.limits import FACET_VALUES_SHOWN_MAX, LICENSE_SPELLINGS_MAX
from artifacts.rules.bands import SCORE_BANDS, SIZE_BANDS, Band, find_band
from artifacts.rules.licensing.groups import LicenseGroup, find_group
from artifacts.selectors.catalogue.licenses import list_spellings
from artifacts.selectors.catalogue.rows import Row
from artifacts.selectors.trust.verdict import Badge


@dataclass(frozen=True)
class Facet:
    """One way to narrow the catalogue.

    Attributes:
        key: what it is called in an address.
        choices: its closed list of words and titles; empty if the rows themselves tell.
        ask: makes the condition for the database.
        field: what a row says of it.
        tell: returns the word for that, "" for none.
    """

    key: str
    title: str
    ask: Callable[[str], Q]
    field: str
    tell: Callable[[Any], str]
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """A value of a facet.

    Attributes:
        count: how many rows have it, None if another value is chosen.
    """

    word: str
    title: str
    count: int | None
    is_chosen: bool = False


@dataclass(frozen=True)
class FacetCount:
    """A facet as a page shows it; `left_out` says how many rarer values are not listed."""

    key: str
    title: str
    choices: tuple[Choice, ...]
    left_out: int = 0

    @property
    def chosen(self) -> Choice | None:
        """The chosen value."""
        return next((each for each in self.choices if each.is_chosen), None)


def _equals(column: str, word: str) -> Q:
    """Ask for one value of a column."""
    return Q(**{column: word})


def _in_band(column: str, bands: Sequence[Band], word: str) -> Q:
    """Ask for the numbers of a band."""
    band = next((each for each in bands if each.word == word), None)
    if band is None:
        return Q(**{f"{column}__isnull": True})
    number = InOrder(column)
    is_below = Q() if band.end is None else Q(LessThan(number, band.end))
    return Q(GreaterThanOrEqual(number, band.low)) & is_below


def _has_license(word: str) -> Q:
    """Ask for a group of licenses: the database knows spellings only, so these are read first."""
    spellings = list_spellings(LICENSE_SPELLINGS_MAX)
    groups: dict[str, list[str]] = {}
    for spelling in spellings:
        groups.setdefault(find_group(spelling), []).append(spelling)
    if word != LicenseGroup.UNKNOWN or len(spellings) < LICENSE_SPELLINGS_MAX:
        return Q(license__in=groups.get(word, []))
    # Of more spellings than are told apart, those that were not read count as not understood.
    known = [each for group, found in groups.items() if group != word for each in found]
    return ~Q(license__in=known)


def _titles(bands: Sequence[Band]) -> dict[str, str]:
    """Return the titles of bands by their words."""
    return {band.word: band.title for band in bands}


_UNKNOWN_SIZE: Final = "unknown"
_LICENSES: Final = {
    LicenseGroup.PERMISSIVE.value: "Permissive",
    LicenseGroup.COPYLEFT.value: "To be shared alike",
    LicenseGroup.RESTRICTED.value: "Some uses forbidden",
    LicenseGroup.UNKNOWN.value: "Not understood",
    LicenseGroup.NONE.value: "None stated",
}
_BADGES: Final = {
    Badge.PASSED.value: "Passed",
    Badge.UNDECIDED.value: "Undecided",
    Badge.FAILED.value: "Failed",
    Badge.EXEMPT.value: "Exempt",
    Badge.WAITING.value: "Waiting",
    Badge.UNRATED.value: "Not rated",
}
TYPES: Final = {each.value: each.label for each in ArtifactType}
_STATES: Final = {each.value: each.label for each in ContentState}
_SOURCES: Final = {each.value: each.label for each in SourceKind}
FACETS: Final = (
    Facet("type", "Type", partial(_equals, "type"), "type", str, TYPES),
    Facet("gate", "Gate", partial(_equals, "badge"), "badge", str, _BADGES),
    Facet("license", "License", _has_license, "license", find_group, _LICENSES),
    Facet(
        "score", "Net score", partial(_in_band, "net_score", SCORE_BANDS),
        "net_score", partial(find_band, SCORE_BANDS), _titles(SCORE_BANDS),
    ),
    Facet(
        "size", "Size", partial(_in_band, "size_bytes", SIZE_BANDS), "size_bytes",
        lambda size_bytes: find_band(SIZE_BANDS, size_bytes) or _UNKNOWN_SIZE,
        _titles(SIZE_BANDS) | {_UNKNOWN_SIZE: "Unknown"},
    ),
    Facet(
        "task", "Task", partial(_equals, "task"), "task", lambda task: task or "", {}
    ),
    Facet(
        "content", "Content", partial(_equals, "content_state"), "content_state", str,
        _STATES,
    ),
    Facet(
        "source", "Source", partial(_equals, "source_kind"), "source_kind", str,
        _SOURCES,
    ),
    Facet("by", "Registered by", partial(_equals, "uploader_name"), "uploader_name", str, {}),
)  # fmt: skip
_PLACES: Final = {name: place for place, name in enumerate(Row._fields)}


def count_facets(rows: Sequence[Row], chosen: Mapping[str, str]) -> tuple[FacetCount, ...]:
    """Return every facet with how often each value is among the rows.

    Args:
        rows: those that fit all that was chosen.
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(Row._fields)
    found = []
    for facet in FACETS:
        # Values are counted first, since there are few: each is told once, not for each row.
        told: Counter[str] = Counter()
        for value, count in Counter(columns[_PLACES[facet.field]]).items():
            told[facet.tell(value)] += count
        found.append(count_values(facet.key, facet.title, told, chosen, facet.choices))
    return tuple(found)


def count_values(
    key: str,
    title: str,
    counted: Counter[str],
    chosen: Mapping[str, str],
    choices: Mapping[str, str],
) -> FacetCount:
    """Return a facet with its values: those of a closed list in its order, else the commonest."""
    del counted[""]
    word = chosen.get(key)
    if word is not None:
        # What the other values would leave is not known: their rows were not read.
        others = choices or {word: word}
        return FacetCount(key, title, tuple(
            Choice(each, name, counted[each] if each == word else None, is_chosen=each == word)
            for each, name in others.items()
        ))  # fmt: skip
    if choices:
        listed = [Choice(each, name, counted[each]) for each, name in choices.items()
                  if counted[each]]  # fmt: skip
        return FacetCount(key, title, tuple(listed))
    common = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    shown = tuple(Choice(each, each, count) for each, count in common[:FACET_VALUES_SHOWN_MAX])
    return FacetCount(key, title, shown, max(0, len(common) - len(shown)))
