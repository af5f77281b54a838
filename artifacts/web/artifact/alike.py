"""Links from an artifact to those that the catalogue holds alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from artifacts.enums import ArtifactType
from artifacts.limits import NAME_MAX_CHARS
from artifacts.models import Artifact
from artifacts.rules.licensing.groups import find_group

# The task of a model that states none.
_NO_TASK: Final = "other"


def list_alike(artifact: Artifact) -> Iterator[tuple[str, str]]:
    """Yield words and an address of the catalogue, for what finds this artifact among others.

    By the catalogue's own words, which may differ from those of the card.
    """
    revision = artifact.current_revision
    if revision is None:
        return
    rating = revision.current_rating
    if rating is not None and rating.category not in ("", _NO_TASK):
        yield "of the same task", _address(task=rating.category)
    library = revision.card.get("library_name") if isinstance(revision.card, dict) else None
    if artifact.type == ArtifactType.MODEL and library and isinstance(library, str):
        word = library.lower()[:NAME_MAX_CHARS]
        yield "for the same library", _address(type=artifact.type, library=word)
    if revision.license:
        yield "with licenses of this kind", _address(license=find_group(revision.license))
    yield "registered by the same person", _address(by=artifact.uploader_name)


def _address(**chosen: str) -> str:
    """Return the address of the catalogue with these choices."""
    return f"{reverse('catalogue')}?{urlencode(chosen)}"
