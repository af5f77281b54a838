"""Which tags lead to which revision: the registry's own, and a source's where they are true.

A source's tag is true while its target commit is that of a revision of the artifact, as the source
said when the current revision was made. Those of earlier revisions are not asked: tags move.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final, NamedTuple

from artifacts.limits import TAGS_OF_REVISIONS_MAX
from artifacts.models import Artifact, Rating, Revision
from artifacts.rules.hub.commits import is_own_name, name_revision
from artifacts.selectors.hub.repositories import CURRENT_NAMES, get_commit

# What the commit of a revision is made of.
_COLUMNS: Final = ("artifact_id", "number", "commit", "folder")
_RATING_LARGE: Final = tuple(f"current_rating__{each}" for each in Rating.LARGE_FIELDS)


class Tag(NamedTuple):
    """A name and the commit that it leads to."""

    name: str
    commit: str


def list_tags(artifact: Artifact, but: Container[str] = ()) -> list[Tag]:
    """Return the tags of an artifact, in two queries: the newest revisions, then the source's.

    Args:
        but: names that lead elsewhere, such as other refs of the source.
    """
    revisions = Revision.objects.shown().filter(artifact_id=artifact.id).order_by("-number")
    newest = revisions.only(*_COLUMNS)[:TAGS_OF_REVISIONS_MAX]
    own = [Tag(name_revision(each.number), get_commit(each)) for each in newest]
    targets = _read_targets(artifact)
    # The newest comes last, so it is the one that is taken of several with a commit.
    rows = revisions.filter(commit__in=set(targets.values())).order_by("number").only(*_COLUMNS)
    kept = {each.commit: get_commit(each) for each in rows} if targets else {}
    return own + [
        Tag(name, kept[commit])
        for name, commit in sorted(targets.items())
        if commit in kept and name not in but
    ]


def find_tagged(artifact: Artifact, names: Sequence[str]) -> tuple[str, Revision | None]:
    """Return the longest of some names that is a source's tag, and its revision; None for neither.

    Two queries at most. The revision comes without what its source said of it.
    """
    targets = _read_targets(artifact)
    name = max((each for each in names if each in targets), key=len, default="")
    if not name:
        return "", None
    found = Revision.objects.shown().filter(artifact_id=artifact.id, commit=targets[name])
    newest = found.order_by("-number").select_related("current_rating")
    return name, newest.defer(*Revision.LARGE_FIELDS, *_RATING_LARGE).first()


def _read_targets(artifact: Artifact) -> Mapping[str, str]:
    """Return the source's tags with their commits, without those whose names are ours to give."""
    current = Revision.objects.filter(pk=artifact.current_revision_id or 0)
    targets = current.values_list("tag_targets", flat=True).first() or {}
    return {
        name: commit
        for name, commit in targets.items()
        if not is_own_name(name) and name not in CURRENT_NAMES
    }
