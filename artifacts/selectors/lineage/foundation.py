"""What an artifact rests on: its parents, their parents and so on, down to the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import only_against
from artifacts.limits import FOUNDATION_SHOWN_MAX
from artifacts.models import Artifact, LineageEdge
from artifacts.rules.page_urls import only_web_url

_EDGES, _ARTIFACTS = LineageEdge._meta.db_table, Artifact._meta.db_table  # noqa: SLF001
# In raw SQL, since querysets cannot ask about themselves. UNION meets each artifact once, so cycles
# end by themselves; LIMIT ends the walk, as no database goes on for rows that nobody takes.
_BELOW = f"""
    WITH RECURSIVE below(id) AS (
        SELECT id FROM {_ARTIFACTS} WHERE id IN ({{}})
        UNION
        SELECT e.parent_id FROM {_EDGES} e JOIN below ON e.child_id = below.id
        WHERE e.parent_id IS NOT NULL
    )
    SELECT id FROM below LIMIT %s
"""  # noqa: S608  (the tables' names come from the models)


class Edge(NamedTuple):
    """From a parent to a child; a parent that is not registered has no id."""

    child_id: str
    parent_id: str | None
    parent_key: str
    parent_size_bytes: int | None


@dataclass(frozen=True)
class Ingredient:
    """A parent of an artifact.

    Attributes:
        artifact_id: "" for one that is not registered.
        web_url: its page at the source, where that is one that a page may link to; "" otherwise.
        decision: `rejected` or `quarantined`, where its current revision is; "" otherwise.
    """

    artifact_id: str
    name: str
    artifact_type: str
    relationship: str
    web_url: str
    decision: str = ""


@dataclass(frozen=True)
class StatedLicense:
    """The license of something that an artifact rests on, "" for none stated."""

    artifact_id: str
    name: str
    artifact_type: str
    license: str


def list_edges_below(ids: Sequence[str], most: int) -> list[Edge]:
    """Return the edges of everything that some artifacts rest on, in two queries.

    Joined into one, PostgreSQL would expect as many artifacts as there may be, and read all edges.

    Args:
        most: of how many artifacts the edges are wanted; those of one more are returned.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BELOW.format(", ".join(["%s"] * len(ids))), [*ids, most + 1])
        below = [each for (each,) in cursor.fetchall()]
    edges = LineageEdge.objects.filter(child_id__in=below).order_by("id")
    return [Edge(*row) for row in edges.values_list(*Edge._fields)]


def list_ingredients(artifact_id: str) -> FirstRows[Ingredient]:
    """Return the first parents of an artifact, registered or not."""

    def show(edge: LineageEdge) -> Ingredient:
        return Ingredient(
            artifact_id=edge.parent_id or "",
            name=edge.parent_name,
            artifact_type=edge.parent_type,
            relationship=edge.relationship,
            web_url=only_web_url(edge.parent_url),
            decision=only_against(edge.decision),  # type: ignore[attr-defined]
        )

    found = (
        LineageEdge.objects.filter(child_id=artifact_id)
        .annotate(decision=F("parent__current_revision__decision"))
        .order_by("parent_type", "id")
    )
    return take_first_rows(found, FOUNDATION_SHOWN_MAX, show)


def list_licenses(ids: Iterable[str]) -> FirstRows[StatedLicense]:
    """Return the licenses of registered artifacts, models first."""

    def show(artifact: Artifact) -> StatedLicense:
        stated: str = artifact.stated  # type: ignore[attr-defined]  # annotated below
        return StatedLicense(artifact.id, artifact.name, artifact.type, stated)

    found = (
        Artifact.objects.shown()
        .filter(id__in=list(ids))
        .annotate(stated=F("current_revision__license"))
        .only("id", "name", "type")
        # By the word: a model is the last of code, data set and model.
        .order_by("-type", "created_us")
    )
    return take_first_rows(found, FOUNDATION_SHOWN_MAX, show)
