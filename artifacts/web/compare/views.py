"""Models beside each other; which ones, the address says."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from artifacts.limits import COMPARED_MAX
from artifacts.rules.identity import can_be_id
from artifacts.selectors.catalogue.comparison import compare
from artifacts.web.links import PageLinks

COMPARED_MIN: Final = 2
# Of what somebody wrote into the address; a page names no more than that.
_NAMED_MAX: Final = 20
_BAD_REQUEST, _NOT_FOUND = 400, 404


def show_comparison(request: HttpRequest) -> HttpResponse:
    """Compare the models of the address, or say why it cannot be done and what to do.

    Ids stand in one `ids=a,b`, or in several, as boxes of a form send them.
    """
    ids = _read_ids(request)
    context: dict[str, Any] = {
        "links": PageLinks(request.user),
        "most": COMPARED_MAX,
        "least": COMPARED_MIN,
        "asked": len(ids),
    }
    if not COMPARED_MIN <= len(ids) <= COMPARED_MAX:
        if ids:
            context["found"] = compare(ids[:_NAMED_MAX])
        return render(request, "web/compare/choose.html", context, status=_BAD_REQUEST)
    found = compare(ids)
    context["found"] = found
    if len(found.models) < COMPARED_MIN:
        return render(request, "web/compare/choose.html", context, status=_NOT_FOUND)
    names = [each.name for each in found.models]
    context |= {
        "columns": len(names) + 2,
        "facts": [(line, tuple(zip(names, line.values, strict=True))) for line in found.facts],
        "metrics": [(line, tuple(zip(names, line.cells, strict=True))) for line in found.metrics],
    }
    return render(request, "web/compare/table.html", context)


def _read_ids(request: HttpRequest) -> list[str]:
    """Return the ids that the address names, each once; what can be no id is kept out."""
    words = ",".join(request.GET.getlist("ids")).split(",")
    return list(dict.fromkeys(each for word in words if can_be_id(each := word.strip())))
