"""The URL patterns: the table of routes, and the staff site."""

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern
from django.views.generic import RedirectView

from artifacts.routes import ROUTES
from registry_site.lazy_views import LazyView

urlpatterns = [
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    # Like `include`, but its module is imported only when a path begins with this prefix.
    URLResolver(
        RoutePattern("admin/"), "registry_site.admin_urls", app_name="admin", namespace="admin"
    ),
    *(path(each.path, LazyView(each.view, each.actions), name=each.name) for each in ROUTES),
]

handler400 = "artifacts.api.handlers.bad_request"
handler403 = "artifacts.api.handlers.forbidden"
handler404 = "artifacts.api.handlers.not_found"
handler500 = "artifacts.api.handlers.server_error"
