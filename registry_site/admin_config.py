"""Makes `RegistryAdminSite` Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class RegistryAdminConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "registry_site.admin_site.RegistryAdminSite"
