"""The catalogue: what fits, what would narrow it, and the pages on both sides.

Everything that somebody chose is in the address, so that it can be sent to a colleague.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from artifacts.exceptions import InvalidRequest, TooManyQueries
from artifacts.limits import (
    CATALOGUE_COUNTED_MAX,
    COMPARED_MAX,
    LIBRARIES_READ_MAX,
    NAME_MAX_CHARS,
    READMES_FOUND_MAX,
    REGEX_MAX_CHARS,
    TYPED_MAX_CHARS,
    VERSION_RANGE_MAX_CHARS,
)
from artifacts.models import User
from artifacts.selectors.catalogue.browsing import Wish, browse
from artifacts.selectors.catalogue.facets import FACETS, FacetCount
from artifacts.selectors.catalogue.libraries import LIBRARY
from artifacts.services.trust.searches import note_search
from artifacts.web.links import PageLinks

TYPED, EXPRESSION, VERSION, ORDER = "q", "expression", "version", "sort"
# The facets whose values are seen at once; a click opens the others.
_OPEN: Final = ("type", "gate", "license", "score", "task")
AFTER, BEFORE = "after", "before"
# Those that stay when something is narrowed; the page of a list that is no more does not.
_KEPT: Final = (TYPED, EXPRESSION, VERSION, ORDER, *(facet.key for facet in FACETS), LIBRARY)
_BAD_REQUEST, _TOO_MUCH = 400, 413


@dataclass(frozen=True)
class ChoiceLink:
    """A value of a facet, and where it leads: to what it leaves, or back if it is chosen."""

    title: str
    count: int | None
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class FacetLinks:
    """A facet as the page shows it: how many rarer values are left out, whether it is open."""

    key: str
    title: str
    choices: tuple[ChoiceLink, ...]
    left_out: int
    is_open: bool


def show_catalogue(request: HttpRequest) -> HttpResponse:
    """Show a page of what fits the address; a search that cannot be carried out says why."""
    asked, unknown = _read(request)
    links = PageLinks(request.user)
    context: dict[str, Any] = {
        "typed": asked.get(TYPED, ""),
        "expression": asked.get(EXPRESSION, ""),
        "version": asked.get(VERSION, ""),
        "library": asked.get(LIBRARY, ""),
        "unknown": unknown,
        "links": links,
        "chosen": {key: asked[key] for key in asked if key not in (TYPED, EXPRESSION, VERSION)},
        "compared_max": COMPARED_MAX,
        "counted_max": CATALOGUE_COUNTED_MAX,
        "readmes_max": READMES_FOUND_MAX,
        "libraries_max": LIBRARIES_READ_MAX,
        "cleared_url": _address({}),
    }
    try:
        found = browse(_wish(asked, request))
    except (InvalidRequest, TooManyQueries) as error:
        context["problem"] = error.message
        return render(
            request,
            "web/catalogue/list.html",
            context,
            status=_TOO_MUCH if isinstance(error, TooManyQueries) else _BAD_REQUEST,
        )
    # Where pages are public, strangers count for nothing: one could be many.
    if isinstance(request.user, User):
        note_search(request.user, found.sought)
    context |= {
        "found": found,
        "facets": tuple(_link(each, asked) for each in found.facets),
        "chosen_facets": tuple(_list_chosen(found.facets, asked)),
        "before_url": _address(asked | {BEFORE: found.before}) if found.before else "",
        "after_url": _address(asked | {AFTER: found.after}) if found.after else "",
        "first_url": _address(asked),
        "orders": tuple(
            (each.title, _address({**asked, ORDER: each.word}), each.word == found.order.word)
            for each in found.orders
        ),
        "nearest": tuple((name, _address({TYPED: name})) for name in found.nearest),
        "register_url": links.registration(found.url),
        "typed_only_url": _address({TYPED: asked[TYPED]}) if TYPED in asked else "",
    }
    return render(request, "web/catalogue/list.html", context)


def _read(request: HttpRequest) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what the address asks for, and the values that no facet knows."""
    longest = {TYPED: TYPED_MAX_CHARS, EXPRESSION: REGEX_MAX_CHARS + 1,
               VERSION: VERSION_RANGE_MAX_CHARS + 1}  # fmt: skip
    asked: dict[str, str] = {}
    for key in _KEPT:
        # No column holds NUL, and PostgreSQL refuses it.
        text = request.GET.get(key, "").replace("\0", "").strip()
        if text:
            asked[key] = text[: longest.get(key, NAME_MAX_CHARS)]
    closed = {facet.key: facet.choices for facet in FACETS if facet.choices}
    unknown = [key for key in asked if key in closed and asked[key] not in closed[key]]
    return asked, tuple(asked.pop(key) for key in unknown)


def _wish(asked: Mapping[str, str], request: HttpRequest) -> Wish:
    """Return what the address asks for, as the selector takes it."""
    facets = {*(facet.key for facet in FACETS), LIBRARY}
    return Wish(
        typed=asked.get(TYPED, ""),
        chosen={key: word for key, word in asked.items() if key in facets},
        expression=asked.get(EXPRESSION, ""),
        version=asked.get(VERSION, ""),
        order=asked.get(ORDER, ""),
        after=request.GET.get(AFTER, ""),
        before=request.GET.get(BEFORE, ""),
    )


def _address(asked: Mapping[str, str]) -> str:
    """Return the catalogue's address for this."""
    query = urlencode({key: text for key, text in asked.items() if text})
    return reverse("catalogue") + (f"?{query}" if query else "")


def _link(facet: FacetCount, asked: Mapping[str, str]) -> FacetLinks:
    """Return a facet with where its values lead."""
    choices = tuple(
        ChoiceLink(
            title=choice.title,
            count=choice.count,
            url=_address({**asked, facet.key: "" if choice.is_chosen else choice.word}),
            is_chosen=choice.is_chosen,
        )
        for choice in facet.choices
    )
    is_open = facet.key in _OPEN or facet.chosen is not None
    return FacetLinks(facet.key, facet.title, choices, facet.left_out, is_open)


def _list_chosen(
    facets: tuple[FacetCount, ...], asked: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield title, value and the address without it, of each facet that narrows."""
    titles = {facet.key: facet for facet in facets}
    for key, word in asked.items():
        facet = titles.get(key)
        if facet is not None and facet.chosen is not None:
            yield facet.title, facet.chosen.title, _address({**asked, key: ""})
        elif key == LIBRARY:
            yield "Library", word, _address({**asked, key: ""})
        elif key in (EXPRESSION, VERSION):
            yield key.title(), word, _address({**asked, key: ""})
