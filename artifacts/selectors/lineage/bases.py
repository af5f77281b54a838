"""The registered models that a model was made from, all the way up, with their licenses."""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.enums import ArtifactType, SourceKind
from artifacts.limits import BASES_MAX
from artifacts.models import Artifact, LineageEdge
from artifacts.rules import page_urls
from artifacts.rules.rating.ancestry import BaseFacts

_FIELDS = (
    "id", "name", "current_revision__repository", "current_revision__license",
    "current_revision__commit", "current_revision__source_kind",
)  # fmt: skip


def list_bases(parent_keys: Iterable[str], *, besides: str = "") -> tuple[BaseFacts, ...]:
    """Return the registered ancestors of a model, nearest first.

    Two queries a level. Cycles end by themselves, since each model is looked at once; what is
    beyond `BASES_MAX` models is left out.

    Args:
        parent_keys: the keys of its parents' sources.
        besides: the id of the model itself, which a cycle may lead to; "" before it has one.
    """
    models = Artifact.objects.visible().filter(type=ArtifactType.MODEL)
    level = models.filter(source_key__in=list(parent_keys))
    found: dict[str, BaseFacts] = {}
    while True:
        rows = level.exclude(id=besides).order_by("id").values_list(*_FIELDS)
        new = [row for row in rows[:BASES_MAX] if row[0] not in found][: BASES_MAX - len(found)]
        if not new:
            return tuple(found.values())
        found |= {row[0]: _base_facts(*row) for row in new}
        edges = LineageEdge.objects.filter(
            child_id__in=[row[0] for row in new],
            parent_type=ArtifactType.MODEL,
            parent__isnull=False,
        )
        ids = list(edges.values_list("parent_id", flat=True).distinct()[:BASES_MAX])
        level = models.filter(id__in=ids)


def _base_facts(
    artifact_id: str, name: str, repository: str, license_: str, commit: str, kind: str
) -> BaseFacts:
    """Return what a row says of a base."""
    is_of_hub = kind == SourceKind.HUGGINGFACE_MODEL
    page_url = page_urls.model_url(repository) if is_of_hub else ""
    return BaseFacts(artifact_id, repository or name, license_, page_url, commit)
