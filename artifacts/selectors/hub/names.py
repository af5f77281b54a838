"""The ids under which lists name artifacts: each leads to its own artifact, and to no other.

An id that follows from a source may stand for several: two uploads of one name, or another ref of a
repository, which is served as a revision of that repository. Those are named by their own ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from artifacts.models import Artifact, Revision
from artifacts.rules.hub.repo_ids import NAMED_KINDS, plain_repo_id
from artifacts.selectors.catalogue.repo_ids import find_repo_id


class Current(NamedTuple):
    """An artifact with its current revision."""

    artifact: Artifact
    revision: Revision


def name_repositories(found: Sequence[Current]) -> dict[str, str]:
    """Return the id of each, by that of its artifact; at most one query."""
    ambiguous = _find_ambiguous(found)
    return {
        artifact.id: plain_repo_id(artifact.id)
        if revision.ref or artifact.id in ambiguous
        else find_repo_id(artifact, revision)
        for artifact, revision in found
    }


def _find_ambiguous(found: Sequence[Current]) -> frozenset[str]:
    """Return the artifacts of which there is another with the uploader, the type and the name."""
    named = [artifact.id for artifact, revision in found if revision.source_kind in NAMED_KINDS]
    if not named:
        return frozenset()
    others = Artifact.objects.shown().filter(
        ~Q(pk=OuterRef("pk")),
        name=OuterRef("name"),
        uploader_name=OuterRef("uploader_name"),
        type=OuterRef("type"),
        current_revision__source_kind__in=NAMED_KINDS,
    )
    ambiguous = Artifact.objects.filter(Exists(others), pk__in=named)
    return frozenset(ambiguous.values_list("pk", flat=True))
