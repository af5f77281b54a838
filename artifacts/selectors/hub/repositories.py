"""Finding what an id of the Hub's protocol names, in one statement by an index.

Raw SQL, as in `selectors/artifacts.py`: clients ask this before each file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from artifacts.enums import ArtifactType
from artifacts.exceptions import RepositoryMoved, RepositoryNotFound, RevisionNotFound
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.hub.commits import (
    commit_of,
    find_number,
    is_full_commit,
    is_own_name,
    read_revision_name,
)
from artifacts.rules.hub.repo_ids import (
    HUB_KINDS,
    NAMED_KINDS,
    SOURCE_KINDS,
    OwnerKind,
    RepoId,
    plain_repo_id,
    split_repo_id,
)
from artifacts.selectors.catalogue.repo_ids import find_repo_id
from artifacts.selectors.hub.aliases import list_aliased
from artifacts.selectors.hub.names import name_repositories
from artifacts.selectors.hub.withdrawals import raise_absent
from artifacts.sources.base import make_repository_key

_ARTIFACTS, _REVISIONS, _RATINGS = (
    each._meta.db_table  # noqa: SLF001  (documented)
    for each in (Artifact, Revision, Rating)
)
_ARTIFACT_FIELDS = (
    "id", "type", "name", "source_key", "created_us", "uploader_name", "current_revision_id",
)  # fmt: skip
_REVISION_FIELDS = (
    "id", "artifact_id", "number", "url", "source_kind", "repository", "ref", "folder", "commit",
    "content_state", "content_reason", "current_rating_id", "decision", "approved_until",
)  # fmt: skip
# Django looks each field of a model up among them.
_OF_ARTIFACT, _OF_REVISION = map(frozenset, (_ARTIFACT_FIELDS, _REVISION_FIELDS))
# Enough to tell whether the gate refuses it.
_RATING_FIELDS = ("id", "gate")
_COLUMNS = ", ".join((
    *(f'a."{each}"' for each in _ARTIFACT_FIELDS),
    *(f'r."{each}"' for each in _REVISION_FIELDS),
    *(f'g."{each}"' for each in _RATING_FIELDS),
))  # fmt: skip
_CURRENT = f"""
    SELECT {_COLUMNS} FROM {_ARTIFACTS} a JOIN {_REVISIONS} r ON r.id = a.current_revision_id
    LEFT JOIN {_RATINGS} g ON g.id = r.current_rating_id
    WHERE a.current_revision_id IS NOT NULL AND r.decision <> 'quarantined' AND a.type = %s AND
"""  # noqa: S608  (names come from the models)
_ANY = f"""
    SELECT {_COLUMNS} FROM {_ARTIFACTS} a JOIN {_REVISIONS} r ON r.artifact_id = a.id
    JOIN {_REVISIONS} c ON c.id = a.current_revision_id AND c.decision <> 'quarantined'
    LEFT JOIN {_RATINGS} g ON g.id = r.current_rating_id
    WHERE a.current_revision_id IS NOT NULL AND r.decision <> 'quarantined' AND a.type = %s AND
"""  # noqa: S608  (likewise)
_HIDDEN = f"""
    SELECT a.id FROM {_REVISIONS} r JOIN {_ARTIFACTS} a ON r.id = a.current_revision_id
    WHERE r.decision = 'quarantined' AND a.type = %s AND
"""  # noqa: S608  (likewise)
# With the condition of the index as it was written, without which SQLite does not use it.
# The newest that has the commit: a source may have been fetched twice without a change between.
_BY_COMMIT = f"""
    r.id = (
        SELECT MAX(o.id) FROM {_REVISIONS} o JOIN {_ARTIFACTS} b ON b.id = o.artifact_id
        WHERE o."commit" = %s AND NOT (o."commit" = '') AND o.folder = '' AND b.type = %s AND
"""  # noqa: S608  (likewise)
_BY_COMMIT_OF_ONE = f"""
    r.id = (
        SELECT MAX(o.id) FROM {_REVISIONS} o
        WHERE o.artifact_id = a.id AND o."commit" = %s AND o.folder = ''
    )
"""  # noqa: S608  (likewise)
_OF_SOURCE = "(b.source_key = %s OR substr(b.source_key, 1, %s) = %s)"
# What two may share a name of.
_BY_NAME = f"""
    a.uploader_name = %s AND a.name = %s AND r.folder = ''
    AND r.source_kind IN ({", ".join(f"'{each}'" for each in NAMED_KINDS)})
"""
# Names of the current revision. All others are looked for.
CURRENT_NAMES = ("main", "HEAD")
# So many segments of a path are tried as a name with slashes; `refs/pr/1` has three.
NAMES_MAX = 8
# How many artifacts of one name a message names.
_SAME_NAMED_MAX = 5


@dataclass(frozen=True)
class Repository:
    """An artifact as the Hub's clients see it.

    Attributes:
        revision: the current one. It has the columns that resolving needs; each other one, such as
            `card`, costs a query.
        repo_id: the id under which it is served.
        asked: the names that were looked for along with it.
        known: what was found by them, besides the current one.
        refs: current revisions of artifacts that are other refs of the same source, by ref.
        has_main: False if only such a ref is registered, which `artifact` and `revision` are then.
    """

    artifact: Artifact
    revision: Revision
    repo_id: str
    asked: tuple[str, ...] = ()
    known: tuple[Revision, ...] = ()
    refs: Mapping[str, Revision] = field(default_factory=dict)
    has_main: bool = True


class _Row(NamedTuple):
    """An artifact with one of its revisions."""

    artifact: Artifact
    revision: Revision

    @classmethod
    def read(cls, row: tuple[object, ...]) -> _Row:
        """Return what a row of the statements holds."""
        end = len(_ARTIFACT_FIELDS) + len(_REVISION_FIELDS)
        artifact = Artifact.from_db(None, _OF_ARTIFACT, row[: len(_ARTIFACT_FIELDS)])
        revision = Revision.from_db(None, _OF_REVISION, row[len(_ARTIFACT_FIELDS) : end])
        if revision.current_rating_id is not None:
            revision.current_rating = Rating.from_db(None, _RATING_FIELDS, row[end:])
        return cls(artifact, revision)

    @property
    def is_current(self) -> bool:
        """Whether the revision is its artifact's current one."""
        return bool(self.artifact.current_revision_id == self.revision.pk)

    def is_main(self, place: _Place) -> bool:
        """Whether the artifact itself was looked for, and not another ref of its source."""
        return place.source_key in ("", self.artifact.source_key)


class _Place(NamedTuple):
    """Where an artifact is looked for.

    Attributes:
        where: a condition in SQL.
        values: its parameters.
        source_key: that of the repository, which other refs begin with; "" where there are none.
    """

    where: str
    values: tuple[str, ...]
    source_key: str = ""


def get_commit(revision: Revision) -> str:
    """Return the commit by which clients know a revision; no query."""
    return commit_of(
        artifact_id=revision.artifact_id,
        number=revision.number,
        commit=revision.commit,
        folder=revision.folder,
    )


def find_repository(
    artifact_type: ArtifactType, repo_id: str, names: Sequence[str] = ()
) -> Repository:
    """Return the artifact that is served under an id, in one query.

    Args:
        names: what may be asked for as the revision. Where a name is known, its revision comes
            along, and `find_revision` need not ask for it.

    Raises:
        RepositoryMoved: it is served under another spelling of the id.
        RevisionNotFound: what was served under it was withdrawn, or is in quarantine.
        RepositoryNotFound: nothing visible is served under it, or it may mean several.
    """
    if artifact_type not in HUB_KINDS:
        raise RepositoryNotFound(repo_id)
    parts = split_repo_id(repo_id)
    if parts is None:
        _raise_alias(artifact_type, repo_id)
        raise RepositoryNotFound(repo_id)
    place = _find_place(artifact_type, parts)
    asked = tuple(each for each in names[:NAMES_MAX] if each not in CURRENT_NAMES)
    rows = _read(artifact_type, place, asked)
    current = [row for row in rows if row.is_current]
    main = [row for row in current if row.is_main(place)]
    if len(main) > 1:
        same_named = sorted(plain_repo_id(row.artifact.id) for row in main)
        raise RepositoryNotFound(repo_id, same_named[:_SAME_NAMED_MAX])
    if not rows:
        _raise_hidden(artifact_type, place, repo_id)
        _raise_alias(artifact_type, repo_id)
        raise_absent(artifact_type, repo_id, parts)
    artifact, revision = (main or rows)[0]
    served = find_repo_id(artifact, revision)
    if repo_id not in (served, plain_repo_id(artifact.id)):
        raise RepositoryMoved(served)
    return Repository(
        artifact,
        revision,
        repo_id,
        asked=asked,
        known=tuple(row.revision for row in rows),
        refs={
            row.revision.ref: row.revision
            for row in current
            if not row.is_main(place) and not is_own_name(row.revision.ref)
        },
        has_main=bool(main),
    )


def _raise_hidden(artifact_type: ArtifactType, place: _Place, repo_id: str) -> None:
    """Say that what is served under an id is in quarantine, if it is.

    Raises:
        RevisionNotFound: it is; by that alone clients stop using the copy that they have.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HIDDEN + place.where, [artifact_type, *place.values])
        if cursor.fetchone() is not None:
            raise RevisionNotFound.hidden(repo_id)


def _raise_alias(artifact_type: ArtifactType, repo_id: str) -> None:
    """Say where an id leads under which nothing is served, if it means anything.

    Raises:
        RepositoryMoved: it is an alias.
        RepositoryNotFound: it may mean several.
    """
    found = list_aliased(artifact_type, repo_id)
    names = name_repositories(found)
    if len(found) == 1:
        raise RepositoryMoved(names[found[0].artifact.id])
    if found:
        raise RepositoryNotFound(repo_id, sorted(names.values())[:_SAME_NAMED_MAX])


def _find_place(artifact_type: ArtifactType, parts: RepoId) -> _Place:
    """Return where an artifact with this id is looked for."""
    if parts.artifact_id:
        return _Place("a.id = %s", (parts.artifact_id,))
    if parts.kind == OwnerKind.REGISTRY:
        return _Place(_BY_NAME, (parts.owner, parts.name))
    kind = SOURCE_KINDS[parts.kind] if parts.kind else HUB_KINDS[artifact_type]
    key = make_repository_key(kind, f"{parts.owner}/{parts.name}")
    return _Place("a.source_key = %s", (key,), key)


def _read(artifact_type: ArtifactType, place: _Place, names: tuple[str, ...]) -> list[_Row]:
    """Return the current revisions at a place, and others that a name may mean.

    The number in a commit that the registry made is not proved here: `find_revision` compares.
    """
    where, values = place.where, place.values
    if place.source_key and names:
        where = f"a.source_key IN ({', '.join(['%s'] * (len(names) + 1))})"
        values = (place.source_key, *(f"{place.source_key}@{name}" for name in names))
    statements = [_CURRENT + where]
    given: list[str | int] = [artifact_type, *values]
    for name in names:
        number = read_revision_name(name) or find_number(name)
        if number is not None:
            statements.append(f"{_ANY} {place.where} AND r.number = %s")
            given += [artifact_type, *place.values, number]
        if is_full_commit(name) and not place.source_key:
            statements.append(f"{_ANY} {place.where} AND {_BY_COMMIT_OF_ONE}")
            given += [artifact_type, *place.values, name]
        elif is_full_commit(name):
            statements.append(f"{_ANY} {_BY_COMMIT} {_OF_SOURCE})")
            given += [artifact_type, name, artifact_type]
            given += [place.source_key, len(place.source_key) + 1, f"{place.source_key}@"]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), given)
        rows = [_Row.read(row) for row in cursor.fetchall()]
    return list({row.revision.pk: row for row in rows}.values())
