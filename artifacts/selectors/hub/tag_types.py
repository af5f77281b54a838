"""The tags that clients can search by, sorted by what they say.

Of the newest artifacts only: tags stand in cards, which no index holds. Licenses are an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypedDict

from artifacts.enums import ArtifactType, GateVerdict
from artifacts.limits import LICENSE_SPELLINGS_MAX
from artifacts.rules.card_facts import read_card_facts
from artifacts.rules.hub.tags import GATE_TAG, LICENSE_TAG
from artifacts.selectors.catalogue.licenses import list_spellings
from artifacts.selectors.hub.orders import Wish
from artifacts.selectors.hub.search import list_repositories

_TASK: Final = "pipeline_tag"


class TagOfType(TypedDict):
    """A tag as clients read it."""

    id: str
    label: str
    type: str


def list_tag_types(artifact_type: ArtifactType) -> dict[str, list[TagOfType]]:
    """Return the tags by type: tasks, libraries and languages of a page of the newest artifacts."""
    said = [
        read_card_facts(each.info.revision.card, each.info.revision.facts)
        for each in list_repositories(artifact_type, Wish()).rows
    ]
    licenses = {each.lower() for each in list_spellings(LICENSE_SPELLINGS_MAX) if each}
    found = {
        "license": [f"{LICENSE_TAG}{each}" for each in licenses],
        "language": [language for each in said for language in each.languages],
        "task_categories" if artifact_type == ArtifactType.DATASET else _TASK: [
            each.task for each in said
        ],
    }
    if artifact_type == ArtifactType.MODEL:
        found["library"] = [each.library for each in said]
    return list_usual_tags(artifact_type) | {
        kind: _describe(kind, tags) for kind, tags in found.items()
    }


def list_usual_tags(artifact_type: ArtifactType) -> dict[str, list[TagOfType]]:
    """Return the types with the tags that every registry has, whatever is in it."""
    is_model = artifact_type == ArtifactType.MODEL
    kinds = ("license", "language", _TASK, "library") if is_model else (
        "license", "language", "task_categories",
    )  # fmt: skip
    usual: dict[str, list[TagOfType]] = {kind: [] for kind in kinds}
    if is_model:
        usual["registry"] = _describe("registry", [f"{GATE_TAG}{each}" for each in GateVerdict])
    return usual


def _describe(kind: str, tags: Iterable[str]) -> list[TagOfType]:
    """Return tags of one type as clients read them, each once."""
    return [
        TagOfType(id=each, label=each.rpartition(":")[2], type=kind)
        for each in sorted(set(tags))
        if each
    ]
