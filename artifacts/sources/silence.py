"""Which sources did not answer this process lately; for the health page, which asks nobody itself.

On Lambda each instance knows only what happened to it.
"""

from __future__ import annotations

import time

from django.conf import settings

from artifacts.limits import SOURCE_SILENCE_KEPT_S

# As people call them, and the settings that say where they are. Hosts of direct links, which
# anybody may name, are not watched.
WATCHED = {"The Hub": "HF_ENDPOINT", "GitHub": "GITHUB_API_URL", "Kaggle": "KAGGLE_URL"}

_failed_at: dict[str, float] = {}


def note_failure(base_url: str) -> None:
    """Remember that a source did not answer, or not as it should."""
    if base_url in _places().values():
        _failed_at[base_url] = time.monotonic()


def note_answer(base_url: str) -> None:
    """Forget that it did not: it does again."""
    _failed_at.pop(base_url, None)


def silent_sources() -> tuple[str, ...]:
    """Return the sources whose last answer is missing, if that was not long ago."""
    since = time.monotonic() - SOURCE_SILENCE_KEPT_S
    return tuple(
        name for name, base_url in _places().items() if _failed_at.get(base_url, since) > since
    )


def _places() -> dict[str, str]:
    """Return the address of each watched source."""
    return {name: getattr(settings, setting) for name, setting in WATCHED.items()}
