"""The rows of the catalogue: what is read of each artifact that fits, in one statement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from artifacts.models import Listing


class Row(NamedTuple):
    """An artifact as the catalogue lists it; the columns of `Listing`.

    Attributes:
        license: as stated, "" for none.
        size_bytes: None for unknown.
        net_score: from 0 to 1, None for what is not rated.
        task: of a rated model, `other` if it states none; None for all else.
    """

    id: str
    type: str
    name: str
    created_us: int
    uploader_name: str
    license: str
    size_bytes: int | None
    content_state: str
    source_kind: str
    net_score: float | None
    task: str | None
    badge: str
    revision_id: int
    rating_id: int | None

    @property
    def created_at(self) -> datetime:
        """When it was registered."""
        return datetime.fromtimestamp(self.created_us / 1e6, UTC)


def read_rows(found: QuerySet[Listing, Any]) -> list[Row]:
    """Return the rows of a query."""
    return list(map(Row._make, found.values_list(*Row._fields)))
