"""What indexes say beforehand about a search, so that few rows have to be examined.

An answer is a set of artifacts which holds all that fit and perhaps others, or None where too many
may fit to be named: then they are near in any order, and are found on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.db.models import QuerySet

from artifacts.enums import ArtifactType, GateVerdict
from artifacts.limits import LICENSE_SPELLINGS_MAX, REPOSITORIES_SEARCHED_MAX
from artifacts.models import Artifact, Rating, Revision
from artifacts.models.artifact import OwnerKey
from artifacts.models.server_settings import transaction_with
from artifacts.rules.hub.repo_ids import HUB_KINDS, SOURCE_KINDS, OwnerKind, split_owner
from artifacts.rules.hub.tags import GATE_TAG, LICENSE_TAG
from artifacts.selectors.catalogue.candidates import has_trigram
from artifacts.selectors.catalogue.licenses import list_spellings
from artifacts.selectors.catalogue.word_index import find_in_names


def narrow(
    artifact_type: ArtifactType, words: tuple[str, ...], author: str, tags: Iterable[str]
) -> frozenset[str] | None:
    """Return the artifacts that may fit; None if no index rules out enough of them."""
    found = [_find_words(artifact_type, words), _find_author(artifact_type, author)]
    found += [_find_tag(artifact_type, tag.lower()) for tag in tags]
    sets = [each for each in found if each is not None]
    return frozenset.intersection(*sets) if sets else None


def find_owner_key(artifact_type: ArtifactType, author: str) -> str:
    """Return what the source keys of an author begin with; "" for authors that sources do not know.

    See `OwnerKey`.
    """
    kind, owner = split_owner(author)
    source_kind = HUB_KINDS[artifact_type] if kind is None else SOURCE_KINDS.get(kind)
    return f"{source_kind}:{owner.lower()}/" if source_kind is not None and owner else ""


def list_all(artifact_type: ArtifactType) -> frozenset[str] | None:
    """Return all artifacts of a type; None for too many."""
    return _take(Artifact.objects.shown().filter(type=artifact_type))


def filter_owner(
    found: QuerySet[Artifact], artifact_type: ArtifactType, author: str
) -> QuerySet[Artifact]:
    """Leave those whose sources have this owner, through an index in order of registration."""
    key = find_owner_key(artifact_type, author)
    return found.alias(owner=OwnerKey("source_key")).filter(owner=key)


def in_order_of_index() -> AbstractContextManager[None]:
    """Have PostgreSQL read an owner's artifacts one by one until there are enough.

    It takes each owner for one of few artifacts, and would read and sort all of them.
    """
    return transaction_with(enable_bitmapscan="off")


def _find_words(artifact_type: ArtifactType, words: tuple[str, ...]) -> frozenset[str] | None:
    """Return the artifacts whose names hold all words, and those of the owner that one names."""
    if not any(map(has_trigram, words)):
        return None
    named = find_in_names(words)
    if len(named) > REPOSITORIES_SEARCHED_MAX:
        return None
    if len(words) > 1:
        return frozenset(named)
    owned = _find_author(artifact_type, words[0])
    return None if owned is None else owned.union(named)


def _find_author(artifact_type: ArtifactType, author: str) -> frozenset[str] | None:
    """Return the artifacts of an author."""
    if not author:
        return None
    kind, owner = split_owner(author)
    visible = Artifact.objects.shown()
    if kind == OwnerKind.REGISTRY:
        # What has only its artifact's id belongs to nobody.
        return _take(visible.filter(uploader_name=owner)) if owner else None
    with in_order_of_index():
        return _take(filter_owner(visible.filter(type=artifact_type), artifact_type, author))


def _find_tag(artifact_type: ArtifactType, tag: str) -> frozenset[str] | None:
    """Return the artifacts with a tag; only those for licenses and verdicts can be looked up."""
    if tag.startswith(LICENSE_TAG):
        return _find_license(artifact_type, tag.removeprefix(LICENSE_TAG))
    if tag.startswith(GATE_TAG):
        verdict = GateVerdict.find_word(tag.removeprefix(GATE_TAG))
        if verdict is None:
            return frozenset()
        ratings = Rating.objects.filter(gate=verdict).order_by()
        return _take_current(artifact_type, ratings.values_list("revision_id", flat=True))
    return None


def _find_license(artifact_type: ArtifactType, license_name: str) -> frozenset[str] | None:
    """Return the artifacts with a license, in any case; sources spell them in their ways."""
    spellings = list_spellings(LICENSE_SPELLINGS_MAX)
    if len(spellings) == LICENSE_SPELLINGS_MAX:
        return None  # There are more, and one of them may be the right one.
    fitting = [each for each in spellings if each.lower() == license_name]
    licensed = Revision.objects.filter(license__in=fitting)
    return _take_current(artifact_type, licensed.values_list("pk", flat=True))


def _take_current(
    artifact_type: ArtifactType, revisions: QuerySet[Rating, int] | QuerySet[Revision, int]
) -> frozenset[str] | None:
    """Return the artifacts whose current revisions these are."""
    keys = list(revisions[: REPOSITORIES_SEARCHED_MAX + 1])
    if len(keys) > REPOSITORIES_SEARCHED_MAX:
        return None
    found = Artifact.objects.filter(type=artifact_type, current_revision__in=keys)
    return frozenset(found.values_list("pk", flat=True))


def _take(found: QuerySet[Artifact]) -> frozenset[str] | None:
    """Return the ids of artifacts if they are few."""
    ids = list(found.values_list("pk", flat=True)[: REPOSITORIES_SEARCHED_MAX + 1])
    return frozenset(ids) if len(ids) <= REPOSITORIES_SEARCHED_MAX else None
