"""What changed between two revisions of an artifact: files, license, score."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.limits import CHANGES_SHOWN_MAX
from artifacts.models import File, Rating, Revision
from artifacts.selectors.trust.verdict import Badge, choose_rating_badge


@dataclass(frozen=True)
class RevisionState:
    """One of the two revisions.

    Attributes:
        net_score: None for what is not rated.
        badge: its verdict, None for what is not rated.
        size_bytes: None for unknown.
    """

    number: int
    url: str
    commit: str
    license: str
    size_bytes: int | None
    net_score: float | None
    badge: Badge | None


@dataclass(frozen=True)
class ChangedFile:
    """A file that only one of the revisions has, or that both have with different bytes.

    Attributes:
        old_bytes, new_bytes: its size in either; None for unknown, or where there is none.
    """

    path: str
    old_bytes: int | None
    new_bytes: int | None


@dataclass(frozen=True)
class Changes:
    """What changed from one revision to another."""

    old: RevisionState
    new: RevisionState
    added: FirstRows[ChangedFile]
    removed: FirstRows[ChangedFile]
    changed: FirstRows[ChangedFile]

    @property
    def states(self) -> tuple[RevisionState, RevisionState]:
        """Both revisions, in the order in which they were asked for."""
        return self.old, self.new


def get_changes(artifact_id: str, old: int, new: int) -> Changes | None:
    """Return what changed between two revisions, by their numbers; None if there is no such one.

    Four queries, and one more for each list that is longer than is shown.
    """
    found = Revision.objects.filter(artifact_id=artifact_id, number__in=(old, new))
    rows = found.select_related("current_rating").defer(
        *Revision.LARGE_FIELDS, *(f"current_rating__{each}" for each in Rating.LARGE_FIELDS)
    )
    revisions = {each.number: each for each in rows}
    before, after = revisions.get(old), revisions.get(new)
    if before is None or after is None:
        return None
    return Changes(
        old=_show_state(before),
        new=_show_state(after),
        added=_list_only_in(after, before, is_new=True),
        removed=_list_only_in(before, after, is_new=False),
        changed=_list_changed(before, after),
    )


def _show_state(revision: Revision) -> RevisionState:
    """Return what is shown of one of the revisions."""
    rating = revision.current_rating
    return RevisionState(
        number=revision.number,
        url=revision.url,
        commit=revision.commit,
        license=revision.license,
        size_bytes=revision.size_bytes,
        net_score=rating.net_score if rating else None,
        badge=choose_rating_badge(rating) if rating else None,
    )


def _list_only_in(one: Revision, other: Revision, *, is_new: bool) -> FirstRows[ChangedFile]:
    """Return the files that one revision has and the other has not."""

    def show(file: File) -> ChangedFile:
        size = file.size_bytes
        return ChangedFile(file.path, None if is_new else size, size if is_new else None)

    same = File.objects.filter(revision=other, path=OuterRef("path"))
    found = File.objects.filter(revision=one).filter(~Exists(same)).order_by("path")
    return take_first_rows(found, CHANGES_SHOWN_MAX, show)


def _list_changed(before: Revision, after: Revision) -> FirstRows[ChangedFile]:
    """Return the files that both revisions have, with different bytes.

    Where both are kept, their bytes decide; else what their sources state of them.
    """

    def show(file: File) -> ChangedFile:
        old_bytes: int | None = file.old_bytes  # type: ignore[attr-defined]  # annotated below
        return ChangedFile(file.path, old_bytes, file.size_bytes)

    same_path = File.objects.filter(revision=before, path=OuterRef("path")).annotate(
        new_blob=ExpressionWrapper(OuterRef("blob_id"), output_field=CharField()),
        new_digest=ExpressionWrapper(OuterRef("source_digest"), output_field=CharField()),
    )
    both_kept = Q(blob__isnull=False, new_blob__isnull=False)
    other_bytes = both_kept & ~Q(blob_id=F("new_blob"))
    other_digest = Q(source_digest__gt="", new_digest__gt="") & ~Q(source_digest=F("new_digest"))
    # Not `~Q`, for which unknown differs from unknown.
    new_bytes = OuterRef("size_bytes")
    other_size = Q(size_bytes__lt=new_bytes) | Q(size_bytes__gt=new_bytes)
    other_stated = ~both_kept & (other_digest | other_size)
    found = (
        File.objects.filter(revision=after)
        .filter(Exists(same_path.filter(other_bytes | other_stated)))
        .annotate(old_bytes=Subquery(same_path.values("size_bytes")[:1]))
        .order_by("path")
    )
    return take_first_rows(found, CHANGES_SHOWN_MAX, show)
