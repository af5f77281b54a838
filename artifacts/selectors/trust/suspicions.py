"""Finding artifacts that may be mistaken for others, and judging what was found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from django.db import connection
from django.db.models.expressions import RawSQL

from artifacts.enums import ArtifactType, MarkKind
from artifacts.exceptions import ArtifactNotFound
from artifacts.limits import LOOK_ALIKE_CANDIDATES_MAX
from artifacts.models import Artifact, ContentMark, LineageEdge, LookAlike, NameKey
from artifacts.models.artifact import ArtifactQuerySet
from artifacts.rules.confusion.keys import list_searched_keys
from artifacts.rules.confusion.labels import HOSTS, Called, Label, make_labels
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sweep import Suspicion, find_suspicions
from artifacts.rules.rating.phrases import MARKS_IN_COMMON_MIN

_REVISION = "current_revision__"
# What `Called` takes, in its order.
COLUMNS = (
    "id", "type", "name", "created_us", f"{_REVISION}source_kind", f"{_REVISION}repository",
    f"{_REVISION}facts__downloads", f"{_REVISION}facts__likes",
)  # fmt: skip
# From this ratio of downloads on, the other is famous and the suspect is not.
_FAME_RATIO = 100


def get_called(artifact_id: str) -> Called:
    """Return what a registered artifact is called.

    Raises:
        ArtifactNotFound: there is no such artifact, or its source has not answered yet.
    """
    row = Artifact.objects.shown().filter(id=artifact_id).values_list(*COLUMNS).first()
    if row is None:
        raise ArtifactNotFound("artifact", artifact_id)
    return Called(*row)


def find_suspicions_about(called: Called) -> list[Suspicion]:
    """Return the suspicions that an artifact is part of, found by the keys of its names."""
    labels = make_labels(called)
    keys = {key for label in labels for key in list_searched_keys(label)}
    named = NameKey.objects.filter(value__in=_each_of(keys)).exclude(artifact_id=called.id)
    for owner in {label.owner.text for label in labels if label.owner is not None}:
        # An owner's own artifacts confuse nobody, and could fill all places.
        named = named.exclude(
            artifact__current_revision__source_kind__in=tuple(HOSTS),
            artifact__current_revision__repository__istartswith=f"{owner}/",
        )
    listed = named.order_by("artifact_id").values_list("artifact_id", flat=True).distinct()
    ids = set(listed[:LOOK_ALIKE_CANDIDATES_MAX])
    if not ids:
        return []
    candidates = read_labels(Artifact.objects.shown().filter(id__in=ids))
    found = find_suspicions([*labels, *candidates])
    return [each for each in found if called.id in (each.suspect.id, each.other.id)]


def _each_of(keys: Collection[int]) -> RawSQL:
    """Return the keys as one parameter: Django takes milliseconds to write thousands of them."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps([*keys])])


def read_labels(artifacts: ArtifactQuerySet) -> list[Label]:
    """Return what artifacts are called; those that wait for their source are left out."""
    rows = artifacts.visible().values_list(*COLUMNS)
    return [label for row in rows for label in make_labels(Called(*row))]


def judge_look_alikes(
    found: Sequence[Suspicion], bases: Mapping[str, str] = MappingProxyType({})
) -> list[Suspicion]:
    """Leave out the suspicions that lineage explains, and those that people cleared.

    Args:
        bases: source keys of the models that one which is not registered names as its base, each
            with the id under which it is registered, "" for none.
    """
    ids = {label.id for each in found for label in (each.suspect, each.other)} - {""}
    cleared = set(
        LookAlike.objects.filter(cleared_at__isnull=False, suspect_id__in=ids).values_list(
            "suspect_id", "other_id"
        )
    )
    parents: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    parents[""], sources[""] = set(filter(None, bases.values())), set(bases)
    edges = LineageEdge.objects.filter(child_id__in=ids)
    for child, parent, key, kind in edges.values_list(
        "child_id", "parent_id", "parent_key", "parent_type"
    ):
        if parent:
            parents[child].add(parent)
        if kind == ArtifactType.MODEL:
            sources[child].add(key)
    return [
        each
        for each in found
        if not {(each.suspect.id, each.other.id), (each.other.id, each.suspect.id)} & cleared
        and each.suspect.id not in parents[each.other.id]
        and not _is_explained(each, parents, sources)
    ]


def _is_explained(
    each: Suspicion, parents: dict[str, set[str]], sources: dict[str, set[str]]
) -> bool:
    """Whether a suspect is named as it is because of what it was made from.

    Two that state the same base may have the same name, as quantized models have.
    """
    if not each.sign.is_explained_by_lineage:
        return False
    suspect, other = each.suspect.id, each.other.id
    if other in parents[suspect]:
        return True
    return each.sign.mechanism == Mechanism.SCOPE and bool(sources[suspect] & sources[other])


def score_suspicion(suspicion: Suspicion, *, is_copied: bool) -> float:
    """Return how sure a suspicion is, from 0 to 1: by names, fame, and what was copied."""
    doubt = 1 - suspicion.sign.strength
    if suspicion.other.downloads >= _FAME_RATIO * (suspicion.suspect.downloads + 1):
        doubt *= 0.7
    if is_copied:
        doubt *= 0.5
    return round(1 - doubt, 6)


def find_copied(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Say what the first of two artifacts has of the second; pairs that share nothing lack."""
    pairs = [pair for pair in pairs if all(pair)]
    ids = {each for pair in pairs for each in pair}
    marks: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = ContentMark.objects.filter(artifact_id__in=ids) if ids else ()
    for row in rows:
        marks[row.artifact_id, row.kind].add(row.value)
    found = {}
    for suspect, other in pairs:
        said = []
        card = marks[suspect, MarkKind.CARD] & marks[other, MarkKind.CARD]
        if len(card) >= MARKS_IN_COMMON_MIN:
            said.append("Its card has the other's sentences.")
        if marks[suspect, MarkKind.WEIGHTS] & marks[other, MarkKind.WEIGHTS]:
            said.append("It has weights of the other, byte for byte.")
        if said:
            found[suspect, other] = tuple(said)
    return found
