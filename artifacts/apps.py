"""The application as Django configures it."""

from django.apps import AppConfig


class ArtifactsConfig(AppConfig):
    """The registry."""

    name = "artifacts"
    verbose_name = "Registry"

    def ready(self) -> None:
        """Register the start-up checks."""
        from artifacts import access_checks, checks, limit_checks  # noqa: F401  (importing registers them)
