"""Errors of the door for the Hub's clients; `artifacts/hub/errors.py` has the Hub's words."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.exceptions.access import AuthenticationFailed
from artifacts.exceptions.base import RegistryError
from artifacts.exceptions.content import NotFound


class TokenMissing(AuthenticationFailed):
    """A program came without a token."""

    code = "token_missing"

    def __init__(self) -> None:
        """Say where the Hub's clients take it from."""
        super().__init__()
        self.message = (
            "This registry answers only with a token of its own: set HF_TOKEN to one, or run "
            "`hf auth login` with it."
        )


class RepositoryNotFound(NotFound):
    """No artifact is served under this id."""

    code = "repository_not_found"

    def __init__(self, repo_id: str, others: Sequence[str] = ()) -> None:
        """Say how something gets here.

        Args:
            others: the ids of those that it may mean, if it means more than one.
        """
        shown = repr(repo_id[:200])
        super().__init__(
            f"{shown} may mean any of: {', '.join(others)}. Ask for one of them."
            if others
            else f"Nothing is registered here as {shown}. Register it first, or check its spelling."
        )
        self.repo_id, self.others = repo_id, tuple(others)

    @classmethod
    def withdrawn(cls, error: RevisionNotFound) -> RepositoryNotFound:
        """Return the error for who asks only whether something is here that was withdrawn."""
        found = cls(error.repo_id)
        found.message = error.message
        found.args = error.args
        return found


class RepositoryMoved(NotFound):
    """An id is another spelling, or an alias, of the one under which an artifact is served.

    Attributes:
        repo_id: the one under which it is served.
    """

    code = "repository_moved"

    def __init__(self, repo_id: str) -> None:
        """Name the right id."""
        super().__init__(f"This is served as {repo_id!r}. Ask for that.")
        self.repo_id = repo_id


class PullRefused(RegistryError):
    """An id was asked for by a reader, and source or gate do not let it in."""

    code = "pull_refused"

    def __init__(self, reason: str, again_at: str) -> None:
        """Give the reason, and say when it is asked for again."""
        super().__init__(
            f"This could not be registered by reading it. {reason} It is not asked for again "
            f"before {again_at}."
        )


class TooManyPulls(RegistryError):
    """A reader has had very many ids registered by reading them."""

    code = "too_many_pulls"
    retryable = True

    def __init__(self, pulls_max: int, retry_after_s: int) -> None:
        """Say what goes on."""
        super().__init__(
            f"You have asked for {pulls_max} ids that were not registered, the most within "
            f"{retry_after_s // 60} minutes. Ask for others later, or register them by their "
            "addresses; what is registered can be read."
        )
        self.retry_after_s = retry_after_s


class RevisionNotFound(NotFound):
    """An artifact has no revision of this name, or what had it was withdrawn."""

    code = "revision_not_found"

    def __init__(self, repo_id: str, name: str) -> None:
        """Name both."""
        super().__init__(
            f"{repo_id} has no revision {name[:200]!r} here. It has main, r1, r2 and so on, and "
            "the commits that were registered."
        )
        self.repo_id, self.name = repo_id, name

    @classmethod
    def withdrawn(cls, repo_id: str, reason: str) -> RevisionNotFound:
        """Return the error for what was deleted: the only one that stops clients with a copy."""
        error = cls(repo_id, "main")
        why = f": {reason}" if reason else "."
        error.message = f"{repo_id} was withdrawn from this registry{why}"
        error.args = (error.message,)
        return error

    @classmethod
    def hidden(cls, repo_id: str) -> RevisionNotFound:
        """Return the error for what is in quarantine; the reason is not for everybody."""
        error = cls(repo_id, "main")
        error.message = (
            f"{repo_id} is in quarantine here. Those with the permission 'decide' can see why, and "
            "can lift it."
        )
        error.args = (error.message,)
        return error


class EntryNotFound(NotFound):
    """A revision has no file or folder of this path.

    Attributes:
        commit: that of the revision: clients remember by it that the file is absent.
    """

    code = "entry_not_found"

    def __init__(self, path: str, commit: str) -> None:
        """Name the path."""
        super().__init__(f"There is no {path[:200]!r} in revision {commit}.")
        self.path, self.commit = path, commit
