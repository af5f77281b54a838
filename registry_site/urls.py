"""The URL patterns: the table of routes, and the staff site."""

from typing import Any

from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView

from artifacts.routes import ROUTES, hub
from artifacts.routes.operations import Route
from registry_site.lazy_views import LazyView


class _SlashedPattern(RoutePattern):
    """Matches a path also with a slash at its end, as some of the Hub's clients write it."""

    def match(self, path: str) -> Any:
        """Return what the path holds; None for another path."""
        return super().match(path.removesuffix("/"))


def _pattern(route: Route) -> URLPattern:
    """Return the pattern of a route."""
    view = LazyView(route.view, route.actions)
    if route in hub.ROUTES:
        pattern = _SlashedPattern(route.path, name=route.name, is_endpoint=True)
        return URLPattern(pattern, view, name=route.name)
    return path(route.path, view, name=route.name)


urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    # Like `include`, but its module is imported only when a path begins with this prefix.
    URLResolver(
        RoutePattern("admin/"), "registry_site.admin_urls", app_name="admin", namespace="admin"
    ),
    *map(_pattern, ROUTES),
]

handler400 = "artifacts.api.handlers.bad_request"
handler403 = "artifacts.api.handlers.forbidden"
handler404 = "artifacts.api.handlers.not_found"
handler500 = "artifacts.api.handlers.server_error"
