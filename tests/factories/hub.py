"""Artifacts of every kind of source, and registries of them that are full of odd names."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from artifacts.enums import ArtifactType, GateVerdict, SourceKind
from artifacts.models import Artifact, Rating, Revision, SearchDocument
from artifacts.selectors.hub.names import Current
from artifacts.sources.base import SourceReference

_STARTED = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS = {
    "model": (SourceKind.HUGGINGFACE_MODEL, *SourceKind),
    "dataset": (SourceKind.HUGGINGFACE_DATASET, *SourceKind),
}
_OWNERS = ("acme", "Octo", "registry", "github.acme", "kaggle", "a--b", "x" * 97, "Registry.bob")
_NAMES = (
    "tea", "Tea", "tea", "gpt2", "robot.git", "a..b", "t", "x" * 97, "r1", "main", "-tea", "tea_",
    "model-1-1760000000000001",
)  # fmt: skip
_GIVEN = (*_NAMES, "two words", "T\xe9", "*", "a/b")
_USERS = ("ursula", "Bob.B", "two words", "T\xe9a", "registry")
_REFS = ("", "", "", "v1", "feature/x", "main", "r2", "a" * 40)
_CARDS: tuple[dict[str, Any], ...] = (
    {},
    {"pipeline_tag": "fill-mask", "library_name": "Tea"},
    {"tags": ["registry:gate-passed", "own"], "language": ["en", "fr"]},
    {"base_model": "acme/Tea", "datasets": ["acme/leaves"], "tags": "own"},
)
_LICENSES = ("", "mit", "MIT", "apache-2.0")


def make_current(
    number: int,
    *,
    kind: str = "model",
    source_kind: SourceKind = SourceKind.HUGGINGFACE_MODEL,
    repository: str = "acme/tea",
    ref: str = "",
    folder: str = "",
    name: str = "tea",
    user: str = "ursula",
    gate: GateVerdict | None = None,
    **revision: Any,
) -> Current | None:
    """One artifact as its source would give it; None if another has the source."""
    source = SourceReference(source_kind, repository, name, "", ref=ref, folder=folder)
    if Artifact.objects.filter(type=kind, source_key=source.key).exists():
        return None
    created_us = 1_760_000_000_000_000 + number
    artifact = Artifact.objects.create(
        id=f"{kind}-{number}-{created_us}",
        type=ArtifactType(kind),
        name=name,
        source_key=source.key,
        created_us=created_us,
        uploader_name=user,
    )
    values = {
        "url": f"https://huggingface.co/{repository}", "created_at": _STARTED + timedelta(number),
    }  # fmt: skip
    artifact.current_revision = Revision.objects.create(
        artifact=artifact,
        number=1,
        source_kind=source_kind,
        repository=repository,
        ref=ref,
        folder=folder,
        created_by=user,
        **values | revision,
    )
    artifact.save()
    SearchDocument.objects.create(artifact=artifact, name=name)
    if gate is not None:
        rate(artifact.current_revision, gate)
    return Current(artifact, artifact.current_revision)


def rate(revision: Revision, gate: GateVerdict) -> None:
    """Give a revision a rating of which only the verdict matters."""
    revision.current_rating = Rating.objects.create(
        revision=revision, created_at=_STARTED, created_by="", rules_version=9, category="other",
        net_score=0.5, tree_score=0.5, gate=gate,
    )  # fmt: skip
    revision.save()


def make_registry(random: Random, count: int) -> list[Current]:
    """Artifacts of all sources: odd names, refs, folders, and names that several have."""
    found = [_make_any(random, number) for number in range(1, count + 1)]
    return [each for each in found if each is not None]


def _make_any(random: Random, number: int) -> Current | None:
    """One of them; None if another has its source."""
    pick = random.choice
    kind = pick(("model", "model", "dataset"))
    source_kind = SourceKind(pick(_KINDS[kind]))
    name, repository, ref, folder = pick(_NAMES), f"{pick(_OWNERS)}/{pick(_NAMES)}", pick(_REFS), ""
    if source_kind in (SourceKind.UPLOAD, SourceKind.DIRECT):
        repository, ref = f"https://acme.org/{number}", ""
    elif random.random() < 0.2:
        folder = "sub/folder"
    return make_current(
        number,
        kind=kind,
        source_kind=source_kind,
        repository=repository,
        ref=ref,
        folder=folder,
        name=pick((name, pick(_GIVEN))),
        user=pick(_USERS),
        gate=pick((None, *GateVerdict)) if kind == "model" else None,
        commit=f"{number:040x}",
        license=pick(_LICENSES),
        card=pick(_CARDS),
    )
