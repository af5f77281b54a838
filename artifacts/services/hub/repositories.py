"""Repositories that their owners write by commits, with the Hub's clients.

A user writes below `registry.<user>` only. A repository without a commit is an artifact without a
revision: invisible, but it occupies its name, as one does whose source has not answered yet.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from artifacts.database.transactions import UPLOAD, RestsOn, writing
from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import (
    InvalidName,
    InvalidRequest,
    OwnerForeign,
    RepositoryExists,
    RepositoryNotFound,
)
from artifacts.limits import EMPTY_REPOSITORIES_MAX, EMPTY_REPOSITORY_DAYS
from artifacts.models import Artifact, User
from artifacts.rules.hub.repo_ids import OwnerKind, is_repo_id, split_repo_id
from artifacts.selectors.trust.decisions import require_shown
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.catalogue.registration import new_artifact
from artifacts.sources.commits import refer_to

# What else has an id below `registry.<user>`, and can be written on by commits.
_UPLOADED = (SourceKind.UPLOAD, SourceKind.DIRECT)
_KEY_START = f"{SourceKind.COMMIT}:"


def own_owner(user: User) -> str:
    """Return the owner below whom a user writes; "" if the name can be no owner's."""
    owner = f"{OwnerKind.REGISTRY}.{user.username}"
    return owner if is_repo_id(f"{owner}/x") else ""


def own_id(artifact: Artifact) -> str:
    """Return the id below its owner under which a user's artifact is written."""
    return f"{OwnerKind.REGISTRY}.{artifact.uploader_name}/{artifact.name}"


def get_own_repository(*, artifact_type: ArtifactType, repo_id: str, user: User) -> Artifact:
    """Return a repository of the caller's, with its current revision if it has one.

    Raises:
        OwnerForeign: the id is below somebody else's owner.
        RepositoryNotFound: there is none with this id.
        ArtifactQuarantined: it is in quarantine, and the caller does not decide.
    """
    repo_id = _require_own(repo_id, user)
    found = _find(artifact_type, repo_id, user)
    if found is None:
        raise RepositoryNotFound(repo_id)
    if found.uploader_id != user.pk:
        raise OwnerForeign(repo_id, own_owner(user))
    if found.current_revision is not None:
        require_shown(found, found.current_revision, user)
    return found


def create_repository(
    *, artifact_type: ArtifactType, owner: str, name: str, user: User
) -> tuple[Artifact, str]:
    """Reserve a name for commits; return the artifact, still invisible, and its id for clients.

    Args:
        owner: "" for the caller's own.

    Raises:
        OwnerForeign: it is somebody else's.
        InvalidName: no repository can have this name.
        RepositoryExists: it is there already.
        InvalidRequest: the caller has too many without a commit.
    """
    repo_id = _require_own(f"{owner or own_owner(user)}/{name}", user)
    if _find(artifact_type, repo_id, user) is not None:
        raise RepositoryExists(repo_id)
    if _empty().filter(uploader=user).count() >= EMPTY_REPOSITORIES_MAX:
        raise InvalidRequest(
            f"You have {EMPTY_REPOSITORIES_MAX} repositories without a commit. Commit to them, or "
            "delete them first."
        )
    artifact = new_artifact(artifact_type, name, refer_to(repo_id, name).key, user)

    def explain() -> None:
        if _find(artifact_type, repo_id, user) is not None:
            raise RepositoryExists(repo_id)

    with writing(RestsOn(user, UPLOAD), explain=explain):
        artifact.save(force_insert=True)
    return artifact, repo_id


def delete_repository(*, artifact_type: ArtifactType, repo_id: str, user: User) -> None:
    """Delete a repository of the caller's, as any artifact.

    Raises:
        OwnerForeign: it is somebody else's.
        RepositoryNotFound: there is none with this id.
    """
    artifact = get_own_repository(artifact_type=artifact_type, repo_id=repo_id, user=user)
    with writing(RestsOn(user, UPLOAD)):
        gone, _ = Artifact.objects.filter(id=artifact.id, current_revision__isnull=True).delete()
    if not gone:
        delete_artifact(artifact_type=artifact_type, artifact_id=artifact.id, user=user)


def remove_empty_repositories() -> None:
    """Give back the names of repositories that never got a commit."""
    before = timezone.now() - timedelta(days=EMPTY_REPOSITORY_DAYS)
    with writing():
        _empty().filter(created_us__lt=int(before.timestamp() * 1_000_000)).delete()


def _empty() -> QuerySet[Artifact]:
    """Return the repositories without a commit."""
    return Artifact.objects.filter(current_revision__isnull=True, source_key__startswith=_KEY_START)


def _require_own(repo_id: str, user: User) -> str:
    """Return an id below the caller's owner, as the registry spells it.

    Raises:
        OwnerForeign: it is somebody else's.
        InvalidName: it is no id at all.
    """
    owner = own_owner(user)
    mine, _, name = repo_id.partition("/")
    if not owner or mine.lower() != owner.lower():
        raise OwnerForeign(repo_id, owner)
    if split_repo_id(repo_id) is None:
        raise InvalidName(
            f"{name[:200]!r} can be no repository's name: at most 96 letters, digits, '-', '_' "
            "and '.', without '--' and '..', and no '.git' at the end."
        )
    return f"{owner}/{name}"


def _find(artifact_type: ArtifactType, repo_id: str, user: User) -> Artifact | None:
    """Return the artifact that is served under an id below the caller's owner."""
    name = repo_id.partition("/")[2]
    kind = Artifact.objects.filter(type=artifact_type).select_related("current_revision")
    committed = kind.filter(source_key=refer_to(repo_id, name).key).first()
    if committed is not None:
        return committed
    uploaded = kind.filter(
        name=name, uploader_name=user.username, current_revision__source_kind__in=_UPLOADED
    )
    several = list(uploaded.order_by("created_us")[:2])
    # Of two that share a name neither has this id.
    return several[0] if len(several) == 1 else None
