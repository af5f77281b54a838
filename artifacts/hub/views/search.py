"""Lists of repositories, as clients search for them, and the tags that they may search by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse, JsonResponse, QueryDict
from rest_framework.request import Request

from artifacts.api.permissions import demand
from artifacts.exceptions import InvalidRequest
from artifacts.hub.answers import describe_info
from artifacts.hub.authentication import HEADER, read_bearer
from artifacts.hub.views.base import TYPES, HubViewSet, answer_page, read_page
from artifacts.limits import REPOSITORIES_PAGE_SIZE, TAGS_ASKED_MAX, TYPED_WORDS_MAX
from artifacts.routes.operations import SEARCH
from artifacts.rules.search.sought import list_sought
from artifacts.selectors.hub.orders import Order, Wish
from artifacts.selectors.hub.search import Listed, list_repositories
from artifacts.selectors.hub.tag_types import list_tag_types, list_usual_tags
from artifacts.services.trust.searches import note_search

# Everything else that clients can sort by, such as likes, is unknown here: the newest come first.
_ORDERS: Final = {
    "lastModified": Order.CHANGED, "last_modified": Order.CHANGED, "downloads": Order.DOWNLOADS,
}  # fmt: skip
# What would narrow a list by what is unknown here. To pass over it would pretend that all fits.
_UNKNOWN: Final = ("apps", "inference", "inference_provider", "num_parameters")
# Large, so only for those who ask for them.
_ON_REQUEST: Final = {"cardData": "cardData", "config": "config"}
# What clients need to tell one from another, whatever else they ask for.
_ALWAYS: Final = ("_id", "id")


class SearchViewSet(HubViewSet):
    """`/api/models`, `/api/datasets` and their tags."""

    def enumerate(self, request: Request) -> HttpResponse:
        """List what fits, the newest first."""
        query = request.query_params
        wish = _read_wish(query)
        page = list_repositories(TYPES[self.kind], wish)
        if wish.offset is None:
            found = [each.repository.artifact for each in page.rows]
            note_search(self.caller, list_sought(found, " ".join(wish.words)))
        fields = _read_fields(query)
        body = [_describe(each, self.kind, fields, query) for each in page.rows]
        return answer_page(request, JsonResponse(body, safe=False), page.next_offset)

    def list_tags(self, request: Request) -> HttpResponse:
        """List the tags of the newest artifacts by what they say.

        huggingface_hub asks without its token. A stranger gets the tags that every registry has,
        which tell nothing of what is here.
        """
        kind = TYPES[self.kind]
        if HEADER not in request.headers:
            return JsonResponse(list_usual_tags(kind))
        user, _ = read_bearer(request)
        demand(user, SEARCH)
        return JsonResponse(list_tag_types(kind))


def _read_wish(query: QueryDict) -> Wish:
    """Return what a query asks for.

    Raises:
        InvalidRequest: it is narrowed by what is not known here, or by very many tags.
    """
    for name in _UNKNOWN:
        if query.get(name):
            raise InvalidRequest(f"This registry cannot narrow by {name!r}. Leave it out.")
    typed = query.get("search", "").strip()
    owner, slash, name = typed.rpartition("/")
    words = (name if slash else typed).split()
    tags = [each.strip() for value in query.getlist("filter") for each in value.split(",")]
    tags = list(dict.fromkeys(filter(None, (*tags, query.get("pipeline_tag", "")))))
    if len(tags) > TAGS_ASKED_MAX:
        raise InvalidRequest(f"Ask for at most {TAGS_ASKED_MAX} tags at once.")
    gated = query.get("gated", "").lower()
    offset, limit = read_page(query, REPOSITORIES_PAGE_SIZE)
    return Wish(
        words=tuple(words[:TYPED_WORDS_MAX]),
        author=query.get("author", "").strip() or owner,
        tags=tuple(tags),
        is_gated=gated == "true" if gated in ("true", "false") else None,
        order=_ORDERS.get(query.get("sort", ""), Order.CREATED),
        is_ascending=query.get("direction") == "1",
        offset=offset,
        limit=limit,
    )


def _read_fields(query: QueryDict) -> frozenset[str]:
    """Return the fields that are asked for one by one; none for the usual ones."""
    asked = (*query.getlist("expand"), *query.getlist("expand[]"))
    return frozenset(each for value in asked for each in value.split(",") if each)


def _describe(
    listed: Listed, kind: str, fields: frozenset[str], query: Mapping[str, str]
) -> dict[str, Any]:
    """Return a repository as a list shows it, without its files."""
    described = describe_info(listed.repository, listed.info, kind=kind, has_details=False)
    if fields:
        return {key: value for key, value in described.items() if key in fields or key in _ALWAYS}
    left_out = {key for key, flag in _ON_REQUEST.items() if query.get(flag, "").lower() != "true"}
    return {key: value for key, value in described.items() if key not in left_out}
