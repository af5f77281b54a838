"""Every route of the registry: its path, its view, and each method's action and permission.

URL patterns, permission checks, 405 with `Allow`, OPTIONS, the read-only mode and
`docs/security/permissions.md` all come from these tables. They are plain data and name their views
by strings, so that importing them imports neither a view nor REST framework.
"""

from __future__ import annotations

from typing import Protocol

from django.urls import Resolver404, ResolverMatch, resolve

from artifacts.limits import REQUEST_BODY_MAX_BYTES
from artifacts.routes import api, hub, pages
from artifacts.routes.operations import Operation, Route

ROUTES: tuple[Route, ...] = (*api.ROUTES, *pages.ROUTES, *hub.ROUTES)
BY_NAME: dict[str, Route] = {each.name: each for each in ROUTES}


class HasMatch(Protocol):
    """A request of Django, or REST framework's around it."""

    resolver_match: ResolverMatch | None
    method: str | None
    path_info: str


def find_route(match: ResolverMatch | None) -> Route | None:
    """Return the route that matches a request; None for the staff site and the redirect to it.

    Raises:
        KeyError: a path outside the staff site is missing from the table.
    """
    if match is None or match.namespaces or match.url_name is None:
        return None
    return BY_NAME[match.url_name]


def is_page(match: ResolverMatch | None) -> bool:
    """Whether a request is for a page for everybody; pages of the staff site are Django's."""
    route = find_route(match)
    return route is not None and route.view.startswith((f"{pages.PAGES}.", f"{pages.DOCS}."))


def is_hub(match: ResolverMatch | None) -> bool:
    """Whether a request is one of the Hub's protocol, whose errors have a form of their own."""
    route = find_route(match)
    return route is not None and route.view.startswith(f"{hub.VIEWS}.")


def find_operation(request: HasMatch) -> Operation:
    """Return the operation of a request.

    Raises:
        LookupError: no route has it. `MethodMiddleware` refuses such requests before; one that got
            here would be answered with 500 and never served.
    """
    route = find_route(request.resolver_match)
    if route is None:
        raise LookupError(request.path_info)
    return route.methods["GET" if request.method == "HEAD" else str(request.method)]


def body_max_bytes(method: str, path: str) -> int:
    """Return how long a body a request may have, before anything of it was read."""
    try:
        route = find_route(resolve(path))
    except (Resolver404, KeyError):
        route = None
    operation = route.methods.get(method) if route is not None else None
    return operation.body_max_bytes if operation is not None else REQUEST_BODY_MAX_BYTES
