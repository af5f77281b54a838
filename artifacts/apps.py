"""Django's entry to the application."""

from django.apps import AppConfig


class ArtifactsConfig(AppConfig):
    """The registry."""

    name = "artifacts"
    verbose_name = "Registry"

    def ready(self) -> None:
        """Register the start-up checks."""
        from artifacts import access_checks, checks  # noqa: F401  (importing registers them)
