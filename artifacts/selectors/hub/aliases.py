"""Other names of what is served: an artifact's id or name alone, and ids that a source has renamed.

The Hub's oldest models had no owner (`gpt2`); it leads such ids, and those of renamed repositories,
to the present one. Whoever registered an artifact by such an id finds it by that here, too. Both
have the name that the artifact got then, unless a person gave it another.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from artifacts.enums import ArtifactType
from artifacts.exceptions import InvalidUrl, RecordBroken
from artifacts.limits import NAMESAKES_READ_MAX
from artifacts.models import Artifact, Revision
from artifacts.rules.hub.repo_ids import HUB_KINDS, is_repo_id, is_reserved_owner
from artifacts.rules.identity import parse_id
from artifacts.selectors.hub.names import Current
from artifacts.sources.base import SourceReference
from artifacts.sources.catalogue import find_source


def list_aliased(artifact_type: ArtifactType, repo_id: str) -> list[Current]:
    """Return what an id may mean beside the one that is served under it, in one query.

    None for an unknown name, one for an alias, several for a name that is not clear.
    """
    owner, slash, name = repo_id.rpartition("/")
    if not is_repo_id(repo_id) or is_reserved_owner(owner):
        return []
    visible = Artifact.objects.shown().filter(type=artifact_type)
    artifacts = visible.select_related("current_revision").defer(*_LARGE)
    if not slash and _is_id(name):
        return _with_revisions(artifacts.filter(pk=name))
    named = _with_revisions(
        artifacts.filter(name=name).order_by("created_us", "id")[:NAMESAKES_READ_MAX]
    )
    came_by = [each for each in named if _came_by(each.revision, repo_id, artifact_type)]
    if came_by or slash:
        return came_by
    # Other refs of a repository have its name as well, and are revisions of it.
    return [each for each in named if not each.revision.ref] or named


# What identifying a revision does not need.
_LARGE: Final = tuple(f"current_revision__{each}" for each in Revision.LARGE_FIELDS)


def _with_revisions(artifacts: Iterable[Artifact]) -> list[Current]:
    """Return artifacts with their current revisions."""
    return [Current(each, each.current_revision) for each in artifacts if each.current_revision]


def _is_id(text: str) -> bool:
    """Whether a text has the form of an artifact's id."""
    try:
        parse_id(text)
    except RecordBroken:
        return False
    return True


def _came_by(revision: Revision, repo_id: str, artifact_type: ArtifactType) -> bool:
    """Whether a revision was registered by this id of the Hub, which has another for it now."""
    asked = SourceReference(HUB_KINDS[artifact_type], repo_id, name="", url="")
    if revision.folder or revision.ref:
        return False
    with suppress(InvalidUrl):
        _, stated = find_source(revision.url)
        return stated.key == asked.key
    return False
