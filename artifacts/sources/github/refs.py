"""Finding where a ref ends in a URL, and the commit that it names.

Source: GitHub REST API documentation, "List matching references"; git-check-ref-format: a branch
`a` and a branch `a/b` cannot both exist, but a tag `a` and a branch `a/b` can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from artifacts.exceptions import SourceRefused
from artifacts.limits import REF_MAX_CHARS
from artifacts.rules.values import is_commit
from artifacts.sources.base import SourceReference
from artifacts.sources.forms import find_longest_ref
from artifacts.sources.github import client
from artifacts.sources.inquiry import Inquiry

# How many parts of a name are tried if it is not listed: each takes a request.
_REF_SEGMENTS_MAX = 3
_HEAD = "HEAD"


@dataclass(frozen=True)
class FoundRef:
    """A ref, its commit, and the folder that follows it in the URL.

    Attributes:
        tags: the repository's newest tags with their commits, None if they were not asked for.
    """

    ref: str
    folder: str
    commit: str
    tags: Mapping[str, str] | None = None


def resolve(
    repository: str, reference: SourceReference, default: str, inquiry: Inquiry
) -> FoundRef:
    """Split what follows `/tree/` or `/blob/` into a ref and a folder, and find the ref's commit.

    A branch without slashes takes one request. For others the branches that begin alike are listed,
    then, unless one with a slash is among them, the tags; and the longest that exists is right.
    What looks like a commit is tried first.

    Raises:
        SourceRefused: no part of it is a ref.
    """
    stated = _spell_out_head("/".join(filter(None, (reference.ref, reference.file))), default)
    found = _find(repository, stated or default, default, inquiry)
    if found is None and not stated:
        raise SourceRefused(f"The repository {repository} is empty.")
    if found is None:
        shown = stated[:100]
        raise SourceRefused(f"GitHub knows no branch, tag or commit {shown!r} in {repository}.")
    return FoundRef(found.ref, "" if reference.file else found.folder, found.commit, found.tags)


def _find(repository: str, stated: str, default: str, inquiry: Inquiry) -> FoundRef | None:
    """Return the ref at the start of a path, None if there is none."""
    first = stated.partition("/")[0]
    sure = find_longest_ref(stated, {default}) or (first if _is_full(first) else None)
    if sure is not None or first == stated:
        return _ask(repository, stated, sure or first, inquiry)
    if is_commit(first) and (found := _ask(repository, stated, first, inquiry)):
        return found
    branches = client.list_branches(repository, first, inquiry)
    branch = find_longest_ref(stated, {ref: commit for ref, commit in branches.items() if commit})
    if branch is not None and "/" in branch:
        # A tag that continues its name could exist; one that does is not worth a request.
        return FoundRef(branch, _rest(stated, branch), branches[branch])
    tags = client.list_tags(repository, inquiry)
    commits = {ref: commit for ref, commit in (tags | branches).items() if commit}
    listed = find_longest_ref(stated, commits)
    if listed is not None:
        return FoundRef(listed, _rest(stated, listed), commits[listed], tags)
    return _find_by_trying(repository, stated, inquiry, tags)


def _is_full(text: str) -> bool:
    """Whether a text is the hash of a commit that is not shortened."""
    return is_commit(text) and len(text) >= client.COMMIT_CHARS


def _find_by_trying(
    repository: str, stated: str, inquiry: Inquiry, tags: Mapping[str, str]
) -> FoundRef | None:
    """Return the shortest ref that exists, for commits, and for tags that are not listed."""
    segments = stated.split("/")
    for length in range(1, min(len(segments), _REF_SEGMENTS_MAX) + 1):
        ref = "/".join(segments[:length])
        found = _ask(repository, stated, ref, inquiry, tags)
        if found is not None:
            return found
    return None


def _ask(
    repository: str,
    stated: str,
    ref: str,
    inquiry: Inquiry,
    tags: Mapping[str, str] | None = None,
) -> FoundRef | None:
    """Ask for the commit of a ref; None if there is no such ref."""
    if len(ref) > REF_MAX_CHARS:
        return None
    commit = client.find_commit(repository, ref, inquiry)
    return None if commit is None else FoundRef(ref, _rest(stated, ref), commit, tags)


def _rest(stated: str, ref: str) -> str:
    """Return what follows a ref in a path."""
    return stated[len(ref) :].removeprefix("/")


def _spell_out_head(stated: str, default: str) -> str:
    """Return a path with the default branch in place of HEAD."""
    first, slash, rest = stated.partition("/")
    return f"{default}{slash}{rest}" if first == _HEAD else stated
