"""Models by what a person calls them: an id, or a name that several may share."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.enums import ArtifactType
from artifacts.limits import NAMESAKES_SHOWN_MAX
from artifacts.models import Artifact


@dataclass(frozen=True)
class Named:
    """A model that is called so."""

    artifact_id: str
    name: str
    uploader_name: str


def list_models_called(text: str) -> tuple[Named, ...]:
    """Return the model with this id, or the first of those with this name, in two queries."""
    if "\0" in text:
        return ()  # PostgreSQL does not accept it in text, so no name has it.
    models = Artifact.objects.shown().filter(type=ArtifactType.MODEL)
    fields = ("id", "name", "uploader_name")
    by_id = models.filter(id=text).values_list(*fields)
    by_name = models.filter(name=text).order_by("created_us", "id").values_list(*fields)
    return tuple(Named(*row) for row in by_id or by_name[:NAMESAKES_SHOWN_MAX])
