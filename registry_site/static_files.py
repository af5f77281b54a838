"""Static files of production: from the package, with hashes in their names, below any prefix."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Where static files are, from the registry's own root.
STATIC_PATH = "static/"


class PrefixedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Links to static files below the prefix that a request came with.

    API Gateway serves a stage under its name, and a domain of one's own without it, perhaps both at
    once. Django's own storage keeps the prefix of the first request for all that follow.
    """

    @property
    def base_url(self) -> str:
        """The address of static files, as the request that is being answered has to see it."""
        return f"{get_script_prefix()}{STATIC_PATH}"


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which looks through the folder when the first file is asked for.

    It does so at the start otherwise, which takes as long as several requests, and most instances
    of a function are never asked for a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Look at nothing yet."""
        self._lock = Lock()
        self._folders: list[tuple[str, str | None]] = []
        super().__init__(get_response)

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Keep for later which folder there is."""
        self._folders.append((root, prefix))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve a file, or let the request pass."""
        if self._folders and request.path_info.startswith(self.static_prefix):
            self._look_through_folders()
        answer: HttpResponse = super().__call__(request)
        return answer

    def _look_through_folders(self) -> None:
        """Know all files before any of them is served; others wait meanwhile."""
        with self._lock:
            while self._folders:
                super().add_files(*self._folders[0])
                self._folders.pop(0)
