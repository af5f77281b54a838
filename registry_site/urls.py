"""The URL patterns: the table of routes, and the staff site."""

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView

from artifacts.routes import ROUTES, api, hub, pages
from artifacts.routes.hub_writes import KINDS
from artifacts.routes.operations import Route
from registry_site.lazy_views import LazyView


class _SlashedPattern(RoutePattern):
    """Matches a path also with a slash at its end, as some of the Hub's clients write it."""

    def match(self, path: str) -> Any:
        """Return what the path holds; None for another path."""
        return super().match(path.removesuffix("/"))


def _pattern(route: Route, prefix: str = "") -> URLPattern:
    """Return the pattern of a route, of what comes after a prefix."""
    view, rest = LazyView(route.view, route.actions), route.path.removeprefix(prefix)
    if route in hub.ROUTES:
        pattern = _SlashedPattern(rest, name=route.name, is_endpoint=True)
        return URLPattern(pattern, view, name=route.name)
    return path(rest, view, name=route.name)


class _HeadPattern(RoutePattern):
    """Stands before routes whose paths all begin with one of a few words; takes nothing away."""

    def __init__(self, heads: frozenset[str]) -> None:
        """Keep the words."""
        super().__init__("")
        self._heads = heads

    def match(self, path: str) -> Any:
        """Return the whole path as what is left; None if it begins with another word."""
        return (path, (), {}) if path.partition("/")[0] in self._heads else None


def _below(prefix: str) -> URLResolver:
    """Return a resolver of all routes that begin with a prefix."""
    routes = [_pattern(each, prefix) for each in ROUTES if each.path.startswith(prefix)]
    return URLResolver(RoutePattern(prefix), routes)


def _beside(routes: Sequence[Route]) -> URLResolver:
    """Return a resolver of routes that each begin with a word of their own."""
    heads = frozenset(each.path.partition("/")[0] for each in routes)
    return URLResolver(_HeadPattern(heads), [_pattern(each) for each in routes])


# Django compares a path with one pattern after the other. Of what the Hub's clients ask before each
# file, the id comes first, or the word behind it, so that it would pass most of the table; that
# takes as long as finding the repository. Each group is passed at once by what is not in it.
_KINDS = tuple(f"{hub.API_PREFIX[1:]}{kind}/" for kind in KINDS)

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    # Like `include`, but its module is imported only when a path begins with this prefix.
    URLResolver(
        RoutePattern("admin/"), "registry_site.admin_urls", app_name="admin", namespace="admin"
    ),
    *map(_beside, (api.ROUTES, pages.ROUTES)),
    *map(_below, _KINDS),
    *(_pattern(each) for each in hub.ROUTES if not each.path.startswith(_KINDS)),
]

handler400 = "artifacts.api.handlers.bad_request"
handler403 = "artifacts.api.handlers.forbidden"
handler404 = "artifacts.api.handlers.not_found"
handler500 = "artifacts.api.handlers.server_error"
