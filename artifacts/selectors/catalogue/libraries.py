"""The libraries that load models, as their cards state them.

Cards lie in no index and may have a megabyte, so they are read of few artifacts only: libraries
narrow what other choices have left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models.fields.json import KT

from artifacts.enums import ArtifactType
from artifacts.limits import LIBRARIES_READ_MAX, NAME_MAX_CHARS
from artifacts.models import Revision
from artifacts.selectors.catalogue.rows import Row

LIBRARY: Final = "library"


def read_libraries(rows: Sequence[Row]) -> Mapping[str, str] | None:
    """Return the library of each model that states one, by the artifact's id.

    Returns:
        None if there are too many rows to read their cards.
    """
    if len(rows) > LIBRARIES_READ_MAX:
        return None
    ids = [row.revision_id for row in rows if row.type == ArtifactType.MODEL]
    if not ids:
        return {}
    revisions = Revision.objects.filter(pk__in=ids)
    stated = revisions.values_list("artifact_id", KT("card__library_name"))
    return {key: str(name).lower()[:NAME_MAX_CHARS] for key, name in stated if name}
