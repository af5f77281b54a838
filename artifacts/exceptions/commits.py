"""Errors about repositories that are written by commits."""

from __future__ import annotations

from collections.abc import Collection

from artifacts.exceptions.base import RegistryError
from artifacts.exceptions.content import (
    ChangedMeanwhile,
    ContentPending,
    NotFound,
    UploadIncomplete,
)


class OwnerForeign(RegistryError):
    """Somebody wants to write into a repository that is not theirs."""

    code = "owner_foreign"

    def __init__(self, repo_id: str, owner: str) -> None:
        """Name the owner under whom the caller may write; "" for none."""
        super().__init__(
            f"{repo_id[:200]!r} is not yours to write. "
            + (
                f"You may write below {owner!r}, as in {owner}/my-model."
                if owner
                else "Your user name has letters that no repository's owner may have, so you can "
                "register a zip, but push no commits."
            )
        )
        self.repo_id, self.owner = repo_id, owner


class RepositoryExists(RegistryError):
    """A repository of this name is there already.

    Attributes:
        repo_id: its id.
    """

    code = "repository_exists"

    def __init__(self, repo_id: str) -> None:
        """Say how to go on."""
        super().__init__(f"{repo_id} exists already. Commit to it, or choose another name.")
        self.repo_id = repo_id


class CommitOutdated(RegistryError):
    """Another commit came first."""

    code = "commit_outdated"

    def __init__(self, parent: str = "") -> None:
        """Say what to do; nothing was changed.

        Args:
            parent: the commit that the client took for the current one; "" if it named none.
        """
        what = f"{parent[:40]} is not the current commit any more" if parent else "It was changed"
        super().__init__(
            f"{what}: somebody else committed first, and nothing of yours was written. Look at "
            "what is there now, and commit again."
        )


class PathNotThere(NotFound):
    """A commit deletes what is not there."""

    code = "path_not_there"

    def __init__(self, path: str, kind: str) -> None:
        """Name the path, in the Hub's words, by which its clients add a hint."""
        super().__init__(f"A {kind} with this name doesn't exist: {path[:200]!r}.")
        self.path = path


class LfsObjectMissing(UploadIncomplete):
    """A commit names bytes that its author has not sent."""

    code = "lfs_object_missing"

    def __init__(self, path: str) -> None:
        """Name the file; whether others have sent these bytes is not told."""
        super().__init__(f"The content of {path[:200]!r} was not uploaded. Upload it again.")
        self.path = path


class LfsObjectPending(ContentPending):
    """Bytes have arrived, and their digest is being computed."""

    code = "lfs_object_pending"

    def __init__(self, retry_after_s: int) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "The large files have arrived and are being compared with their digests, which takes "
            f"a while. Run the same upload again in {retry_after_s} seconds: nothing is sent "
            "again.",
            retry_after_s,
        )


class BlobsMissing(ChangedMeanwhile):
    """The bucket lost blobs between their check and the commit that uses them.

    Attributes:
        digests: of those that are gone.
    """

    code = "blobs_missing"

    def __init__(self, digests: Collection[str]) -> None:
        """Say what to do."""
        super().__init__("Files that were sent before are not there any more. Upload them again.")
        self.digests = frozenset(digests)
