"""Finding the revision that a name means: `main`, a commit, `r2`, or another ref of the source."""

from __future__ import annotations

from typing import NamedTuple

from artifacts.enums import ArtifactType
from artifacts.exceptions import RevisionNotFound
from artifacts.models import Revision
from artifacts.rules.hub.commits import read_revision_name
from artifacts.selectors.hub.repositories import (
    CURRENT_NAMES,
    NAMES_MAX,
    Repository,
    find_repository,
    get_commit,
)
from artifacts.selectors.hub.tags import find_tagged


class Named(NamedTuple):
    """A revision, and what the path says after its name.

    Attributes:
        name: as the client wrote it.
        path: of a file or folder; "" for none.
    """

    revision: Revision
    name: str
    path: str


def list_names(rest: str) -> tuple[str, ...]:
    """Return what may be the revision's name at the start of a path, the shortest first.

    Few, whatever the path: of 14,000 segments all names together would be 200 MB.
    Clients encode the slashes in names, but servers decode them before the path comes here.
    """
    segments = rest.split("/", NAMES_MAX)[:NAMES_MAX]
    return tuple("/".join(segments[: end + 1]) for end in range(len(segments)))


def find_named(repository: Repository, rest: str) -> Named:
    """Return the revision at the start of a path: of several names that fit, the longest.

    Raises:
        RevisionNotFound: none fits.
    """
    longest = max(
        (each for each in repository.refs if f"{rest}/".startswith(f"{each}/")), key=len, default=""
    )
    name = longest or rest.partition("/")[0]
    try:
        found = find_revision(repository, name)
    except RevisionNotFound:
        name, tagged = find_tagged(repository.artifact, list_names(rest))
        if tagged is None:
            raise
        found = tagged
    return Named(found, name, rest[len(name) + 1 :])


def find_exactly(repository: Repository, name: str) -> Revision:
    """Return the revision of a name after which the path ends, but for slashes.

    Raises:
        RevisionNotFound: there is none, though one of the name's beginning may be there.
    """
    found = find_named(repository, name)
    if found.path.strip("/"):
        raise RevisionNotFound(repository.repo_id, name)
    return found.revision


def find_revision(repository: Repository, name: str) -> Revision:
    """Return the revision that a name means.

    Raises:
        RevisionNotFound: the artifact has no revision of this name.
    """
    if name in CURRENT_NAMES and repository.has_main:
        return repository.revision
    if name in repository.refs:
        return repository.refs[name]
    if name not in repository.asked and name not in CURRENT_NAMES:
        kind = ArtifactType(repository.artifact.type)
        return find_revision(find_repository(kind, repository.repo_id, (name,)), name)
    for each in repository.known:
        is_numbered = read_revision_name(name) == each.number
        if name == get_commit(each) or (is_numbered and each.artifact_id == repository.artifact.pk):
            return each
    raise RevisionNotFound(repository.repo_id, name)
