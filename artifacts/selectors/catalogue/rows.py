"""The rows of the catalogue: what is read of each artifact that fits, in one statement.

Only columns that indexes hold beside the artifact's own narrow table, so that thousands of rows are
read without the cards, configurations and evidence that lie between them.
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.sql import Query

from artifacts.enums import ArtifactType, GateVerdict
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.rating.judgement import GATE_OF_THREE_VERSION
from artifacts.selectors.trust.verdict import Badge

REVISION: Final = "current_revision__"
RATING: Final = f"{REVISION}current_rating__"
# Django's documented name for these.
_REVISIONS: Final = Revision._meta.db_table  # noqa: SLF001
_RATINGS: Final = Rating._meta.db_table  # noqa: SLF001


class Row(NamedTuple):
    """An artifact as the catalogue lists it.

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


_COLUMNS: Final = (
    "id", "type", "name", "created_us", "uploader_name", f"{REVISION}license",
    f"{REVISION}size_bytes", f"{REVISION}content_state", f"{REVISION}source_kind",
    f"{RATING}net_score", f"{RATING}category", "badge", "current_revision_id",
    f"{REVISION}current_rating_id",
)  # fmt: skip
IS_MODEL: Final = Q(type=ArtifactType.MODEL)
IS_RATED: Final = Q(**{f"{REVISION}current_rating__isnull": False})
# See `choose_rating_badge`: older rules called what is undecided a failure.
IS_OLDER_DOUBT: Final = Q(
    **{
        f"{RATING}rules_version__lt": GATE_OF_THREE_VERSION,
        f"{RATING}gate": GateVerdict.FAILED,
        f"{RATING}is_incomplete": True,
    }
)
_BADGE: Final = Case(
    When(~IS_MODEL, then=Value(Badge.UNRATED.value)),
    When(~IS_RATED, then=Value(Badge.WAITING.value)),
    When(IS_OLDER_DOUBT, then=Value(Badge.UNDECIDED.value)),
    default=F(f"{RATING}gate"),
    output_field=CharField(),
)


def select_rows(
    found: QuerySet[Artifact], *, is_selective: bool = False
) -> QuerySet[Artifact, tuple[Any, ...]]:
    """Return a query for the columns of `Row`, of artifacts that everybody may see.

    Args:
        is_selective: whether few fit, or an order of revisions or ratings is walked. If not, the
            artifacts are read first, in the order of one of their indexes.
    """
    selected = found.annotate(badge=_BADGE).values_list(*_COLUMNS)
    # Django joins what may be missing. But each artifact has a revision, and a rating where a
    # condition names one; so the database may begin with whichever table leaves least.
    needed = [_REVISIONS, _RATINGS] if found.query.alias_refcount.get(_RATINGS) else [_REVISIONS]
    if is_selective:
        selected.query.demote_joins(needed)
    elif connection.vendor == "sqlite":
        _keep_order(selected.query, needed)
    return selected


def _keep_order(query: Query, tables: list[str]) -> None:
    """Have SQLite read artifacts first, and sort nothing: it takes each condition for a rare one.

    Source: sqlite.org/optoverview.html, "Manual Control Of Query Plans Using CROSS JOIN".
    """
    for name in tables:
        join = copy(query.alias_map[name])
        join.join_type = "CROSS JOIN"
        query.alias_map[name] = join


def read_rows(selected: QuerySet[Artifact, tuple[Any, ...]]) -> list[Row]:
    """Return the rows of such a query."""
    return list(map(Row._make, selected))
