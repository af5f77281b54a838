"""Makes `RegistryAdminSite` Django's admin site."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class RegistryAdminConfig(SimpleAdminConfig):
    """Django's admin with our site; `admin_urls.py` imports the pages when they are needed."""

    default_site = "registry_site.admin_site.RegistryAdminSite"

    def ready(self) -> None:
        """Register a check of the pages; Django's own assumes that they are already imported."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_pages, checks.Tags.admin)


def _check_pages(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Import the pages, then check them."""
    from registry_site import admin_urls  # noqa: F401  (imports them)

    messages: list[checks.CheckMessage] = check_admin_app(app_configs)
    return messages
