"""Finding registered models whose card or weights a model has.

`rules.rating.copies` judges whether it copies them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from artifacts.database.transactions import writing
from artifacts.enums import OWN_KINDS, ArtifactType, MarkKind, ParentOrigin, Part
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import (
    COPIES_COMPARED_MAX,
    COPIES_RATED_MAX,
    COPY_MARKS_READ_MAX,
    COPY_WEIGHTS_MAX,
    TEMPLATE_OWNERS_MIN,
)
from artifacts.models import Artifact, ContentMark, LineageEdge, Rating, Revision
from artifacts.rules.budget import judging
from artifacts.rules.rating.attribution import CopyFacts
from artifacts.rules.rating.copies import Publication, judge_copy
from artifacts.rules.rating.evidence import FileFacts, ModelFacts
from artifacts.rules.rating.ownership import has_same_owner
from artifacts.rules.rating.phrases import (
    MARKS_IN_COMMON_MIN,
    choose_marks,
    hash_text,
    read_phrases,
)
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.services.trust.model_facts import read_revision_facts
from artifacts.work import queue
from artifacts.work.jobs import Job

# By `MarkKind`, as the evidence of a rating keeps them.
Marks = Mapping[str, Sequence[int]]
# Where a base counts as stated: config.json names one in silence, and is copied with the rest.
_STATED = (ParentOrigin.MODEL_CARD, ParentOrigin.TAGS)


def find_copy(model: ModelFacts, parents: Sequence[ParentLink]) -> CopyFacts | None:
    """Return what a model copies of a registered one, None for nothing.

    Of several, the one that is surely the original is returned, then the most alike. What several
    owners have in common without naming each other is a template, and no copy. The questions
    to the database and the cards that are compared have limits, however many models are alike.

    Raises:
        TooMuchToRead: comparing the cards exceeds the budget.
    """
    ours = _publish(model, parents)
    found = []
    common = _count_common(_list_marks(ours))
    for artifact in _choose_one_of_each_owner(common, ours.repository) if common else ():
        with judging() as budget:
            budget.spend("The card")
        theirs = _read_publication(artifact)
        copy = judge_copy(ours, theirs) if theirs is not None else None
        if copy is not None:
            found.append(copy)
    untied = [each for each in found if not each.is_tied]
    if len(untied) >= TEMPLATE_OWNERS_MIN:
        found = [each for each in found if each.is_tied]
    return max(found, key=lambda each: (each.is_certain, each.share), default=None)


def find_neighbours(marks: Marks) -> list[str]:
    """Return the ids of registered models that may have the same card or weights, likeliest first.

    The model itself is among them once it is registered.
    """
    return [pk for pk, _ in _count_common(marks).most_common(COPIES_RATED_MAX)]


def list_marks(model: ModelFacts) -> dict[str, list[int]]:
    """Return the marks by which a model is found: of its card, and of its largest weights."""
    return _list_marks(_publish(model, ()))


def keep_marks(artifact_id: str, marks: Marks) -> bool:
    """Write a model's marks in place of the earlier ones; return whether any changed."""
    rows = ContentMark.objects.filter(artifact_id=artifact_id)
    wanted = {(kind, value) for kind in MarkKind for value in marks.get(kind, ())}
    if set(rows.values_list("kind", "value")) == wanted:
        return False
    rows.delete()
    # A restored record may be written while the model is rated.
    ContentMark.objects.bulk_create(
        (
            ContentMark(artifact_id=artifact_id, kind=kind, value=value)
            for kind, value in sorted(wanted)
        ),
        ignore_conflicts=True,
    )
    return True


def keep_rated_marks(rating: Rating) -> None:
    """Write the marks by which copies are found; if any are new, look for copies after that.

    Models that are being registered at the same moment are not visible to each other, so both look
    once more after their transactions.
    """
    artifact_id, marks = rating.revision.artifact_id, rating.evidence["marks"]
    is_current = rating.revision.artifact.current_revision_id == rating.revision.pk
    if is_current and keep_marks(artifact_id, marks):
        # No `partial`: Django wants the name of what failed here, and would fail for want of one.
        transaction.on_commit(lambda: _schedule_if_alike(artifact_id, marks), robust=True)


def _schedule_if_alike(artifact_id: str, marks: Marks) -> None:
    """Schedule rating the models again that may have the same card or weights, if there are any."""
    if set(find_neighbours(marks)) - {artifact_id}:
        with writing():
            queue.schedule_once(Job.RATE_COPIES, artifact_id=artifact_id)


def _publish(model: ModelFacts, parents: Iterable[ParentLink]) -> Publication:
    """Return a model as it is compared; one whose README is too much to read has no phrases."""
    try:
        phrases = read_phrases(model.readme)
    except TooMuchToRead:
        phrases = frozenset()
    return Publication(
        repository=model.repository,
        readme=model.readme,
        phrases=phrases,
        weights=_choose_weights(model.files),
        bases=frozenset(
            each.parent_name.lower()
            for each in parents
            if each.parent_type == ArtifactType.MODEL and each.origin in _STATED
        ),
        created_at=model.created_at,
        downloads=model.downloads,
        is_upload=model.origin in OWN_KINDS,
        url=model.page_url,
    )


def _choose_weights(files: Iterable[FileFacts]) -> frozenset[str]:
    """Return the digests of the largest files of weights."""
    weights = [each for each in files if each.part == Part.WEIGHTS and each.digest]
    largest = sorted(weights, key=lambda each: (-(each.size_bytes or 0), each.path))
    return frozenset(each.digest for each in largest[:COPY_WEIGHTS_MAX] if each.size_bytes)


def _list_marks(publication: Publication) -> dict[str, list[int]]:
    """Return the marks of a model."""
    return {
        MarkKind.CARD: list(choose_marks(publication.phrases)),
        MarkKind.WEIGHTS: sorted(map(hash_text, publication.weights)),
    }


def _count_common(marks: Marks) -> Counter[str]:
    """Return the ids of registered models that share enough marks, with how many."""
    common: Counter[str] = Counter()
    for kind, needed in ((MarkKind.CARD, MARKS_IN_COMMON_MIN), (MarkKind.WEIGHTS, 1)):
        if values := marks.get(kind):
            rows = ContentMark.objects.filter(kind=kind, value__in=values)
            shared = Counter(rows.values_list("artifact_id", flat=True)[:COPY_MARKS_READ_MAX])
            common.update({pk: count for pk, count in shared.items() if count >= needed})
    return common


def _choose_one_of_each_owner(common: Counter[str], repository: str) -> list[Artifact]:
    """Return the models that share most, at most one of each owner and none of this one's.

    Otherwise one stranger could crowd out the original with many copies.
    """
    names = dict(
        Artifact.objects.visible()
        .filter(id__in=list(common))
        .values_list("id", "current_revision__repository")
    )
    chosen: dict[str, str] = {}
    for pk, _ in common.most_common():
        owner = names.get(pk, "").rpartition("/")[0].lower()
        if pk in names and not has_same_owner(repository, names[pk]):
            chosen.setdefault(owner or pk, pk)
    ids = list(chosen.values())[:COPIES_COMPARED_MAX]
    rows = Artifact.objects.visible().select_related("current_revision").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _read_publication(artifact: Artifact) -> Publication | None:
    """Return a registered model as it is compared; None if it was deleted meanwhile."""
    revision = artifact.current_revision
    if not isinstance(revision, Revision):
        return None
    model = read_revision_facts(revision)
    edges = LineageEdge.objects.filter(
        child=artifact, parent_type=ArtifactType.MODEL, origin__in=_STATED
    )
    bases = frozenset(name.lower() for name in edges.values_list("parent_name", flat=True))
    return replace(_publish(model, ()), bases=bases, artifact_id=artifact.id)
