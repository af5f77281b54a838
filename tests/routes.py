"""The table of routes, as tests look at it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RoutePattern

from artifacts.routes import ROUTES, hub

_OF_HUB = {route.name for route in hub.ROUTES}
# Those of the JSON API: which permission each method of each route needs.
RULES = {
    route.name: {method: each.permission for method, each in route.methods.items()}
    for route in ROUTES
    if route.actions and route.name not in _OF_HUB
}
# Those of the Hub's protocol, without the addresses that lead people to a page.
HUB_RULES = {
    route.name: {method: each.permission for method, each in route.methods.items()}
    for route in hub.ROUTES
    if route.actions
}
# Those of functions: pages, and signed links.
PAGES = {
    route.name: {method: each.permission for method, each in route.methods.items()}
    for route in ROUTES
    if not route.actions and route.name not in _OF_HUB
}


def list_patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """All patterns with their whole paths, beside those of the staff site."""
    for each in (resolver or get_resolver()).url_patterns:
        path = f"{prefix}{each.pattern}"
        if isinstance(each, URLPattern):
            yield path, each
        elif each.namespace is None:
            yield from list_patterns(each, path)


api = [each for _, each in list_patterns() if each.name in RULES]

ARGUMENTS = {
    "artifact_type": "model", "artifact_id": "none-1", "name": "nobody", "token": "none",
    "token_id": "0" * 64, "part": "full", "file_id": 1, "key": 1,
    "upload_id": "6f1c6f0e-0000-4000-8000-000000000000",
    "owner": "nobody", "rest": "main/none", "revision": "main",
}  # fmt: skip


def path_of(name: str) -> str:
    """A path of a route."""
    ((path, _),) = [each for each in list_patterns() if each[1].name == name]
    converters = RoutePattern(path).converters
    return reverse(name, kwargs={key: ARGUMENTS[key] for key in converters})
