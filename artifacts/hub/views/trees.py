"""The files of a revision: as a tree with pages, or those of given paths."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from artifacts.exceptions import InvalidRequest
from artifacts.hub.answers import describe_last_commit
from artifacts.hub.entries import answer_entries
from artifacts.hub.security import describe_file_security
from artifacts.hub.views.base import HubViewSet, answer_page, is_true, read_page
from artifacts.limits import PATHS_ASKED_MAX, TREE_PAGE_SIZE
from artifacts.models import Revision
from artifacts.rules.values import read_strings
from artifacts.selectors.hub.revisions import find_exactly, find_named, list_names
from artifacts.selectors.hub.trees import Entry, find_entries, list_tree


class TreeViewSet(HubViewSet):
    """`/tree` and `/paths-info`."""

    def enumerate(self, request: Request, rest: str, **given: str) -> HttpResponse:  # noqa: ARG002  (the path's)
        """List a folder, or all files below it."""
        revision, _, folder = find_named(self.find_repository(list_names(rest)), rest)
        offset, limit = read_page(request.query_params, TREE_PAGE_SIZE)
        page = list_tree(
            revision,
            folder.strip("/"),
            is_recursive=is_true(request, "recursive"),
            offset=offset,
            limit=limit,
        )
        answer = _answer(page.rows, revision, is_expanded=is_true(request, "expand"))
        return answer_page(request, answer, page.next_offset)

    def find(self, request: Request, revision: str, **given: str) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Tell of the given paths those that are there.

        Raises:
            InvalidRequest: no paths are given, or too many.
        """
        body: dict[str, Any] = request.data if isinstance(request.data, dict) else {}
        paths = read_strings(body.get("paths"))
        if not paths or len(paths) > PATHS_ASKED_MAX:
            raise InvalidRequest(f"`paths` is a list of 1 to {PATHS_ASKED_MAX:,} paths.")
        found = find_exactly(self.find_repository(list_names(revision)), revision)
        is_expanded = str(_first(body.get("expand"))).lower() == "true"
        return _answer(find_entries(found, paths), found, is_expanded=is_expanded)


def _first(value: object) -> object:
    """Return what a form has as a list of one, and JSON as itself."""
    return value[0] if isinstance(value, list) and value else value


def _answer(entries: list[Entry], revision: Revision, *, is_expanded: bool) -> HttpResponse:
    """Answer with entries, and where the client wants it, with their last commits and scans."""
    if not is_expanded:
        return answer_entries(entries)
    commit = describe_last_commit(revision)
    security = describe_file_security(revision, entries)
    about = {
        each.path: {"lastCommit": commit}
        | ({"securityFileStatus": security[each.path]} if each.path in security else {})
        for each in entries
    }
    return answer_entries(entries, about=about)
