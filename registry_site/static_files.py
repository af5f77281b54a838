"""Static files in production: from the package, with hashes in their names, below any prefix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The path of static files, relative to the registry's root.
STATIC_PATH = "static/"


class PrefixedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Links to static files below the path prefix of the present request.

    API Gateway serves a stage below its name, but a custom domain without it, perhaps both at once.
    Django's own storage keeps the prefix of the first request for all later ones.
    """

    @property
    def base_url(self) -> str:
        """The URL of static files, as the client of the present request must see it."""
        return f"{get_script_prefix()}{STATIC_PATH}"


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which scans the folder only when the first file is requested.

    Otherwise it does so at the start, which takes as long as several requests; most instances of a
    function never serve a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Scan nothing yet."""
        self._lock = Lock()
        self._folders: list[tuple[str, str | None]] = []
        super().__init__(get_response)

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Remember a folder to scan later."""
        self._folders.append((root, prefix))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve a file, or let the request pass."""
        if self._folders and request.path_info.startswith(self.static_prefix):
            self._look_through_folders()
        answer: HttpResponse = super().__call__(request)
        return answer

    def _look_through_folders(self) -> None:
        """Scan the folders before any file is served; other requests for files wait meanwhile."""
        with self._lock:
            while self._folders:
                super().add_files(*self._folders[0])
                self._folders.pop(0)


def refuse_uncollected() -> None:
    """Check that this release's static files were collected, if pages need that.

    Pages look up file names in the collection's manifest. Without it every page would be a 500, and
    with that of an older release, every page with a newer file. The package for Lambda always holds
    the files, and checking again would lengthen each start.

    Raises:
        ImproperlyConfigured: they were not.
    """
    if settings.REGISTRY_TASKS == "lambda":
        return
    from django.contrib.staticfiles.finders import get_finders
    from django.contrib.staticfiles.storage import staticfiles_storage

    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        return
    named = (Path(path).as_posix() for finder in get_finders() for path, _ in finder.list([]))
    if missing := next((name for name in named if name not in collected), None):
        raise ImproperlyConfigured(
            f"The static file {missing} of this release is not collected, so pages could not be "
            "shown. Run manage.py collectstatic --noinput before the registry starts."
        )
