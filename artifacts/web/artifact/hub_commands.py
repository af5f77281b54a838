"""Commands by which the Hub's own clients fetch one artifact, at its very revision."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string

from artifacts.enums import ArtifactType
from artifacts.models import Artifact
from artifacts.rules.hub.repo_ids import HUB_KINDS
from artifacts.selectors.hub.repositories import get_commit
from artifacts.selectors.hub.served import find_served_id


@dataclass(frozen=True)
class HubCommands:
    """Commands for one artifact.

    Attributes:
        repo_id: under which clients find it.
        terminal: what sets the clients up and downloads all files.
        python: what loads it.
        library: by which `python` loads it.
    """

    repo_id: str
    terminal: str
    python: str
    library: str


def write_hub_commands(site: str, artifact: Artifact) -> HubCommands | None:
    """Write the commands for an artifact that has a revision, in one query.

    Args:
        site: where the registry answers, without a slash at the end.

    Returns:
        None for a type that the Hub's clients have no word for, such as code.
    """
    revision = artifact.current_revision
    artifact_type = ArtifactType(artifact.type)
    if revision is None or artifact_type not in HUB_KINDS:
        return None
    library = _find_library(artifact_type, revision.config)
    context = {
        "site": site,
        "repo_id": find_served_id(artifact, revision),
        "commit": get_commit(revision),
        "is_dataset": artifact_type == ArtifactType.DATASET,
        "library": library,
    }

    def write(name: str) -> str:
        return render_to_string(f"web/artifact/commands/{name}.txt", context).strip()

    return HubCommands(
        repo_id=str(context["repo_id"]),
        terminal=write("hub"),
        python=write("hub_python"),
        library=library,
    )


def _find_library(artifact_type: ArtifactType, config: object) -> str:
    """Return what loads it; transformers only where config.json says what `AutoModel` makes."""
    if artifact_type == ArtifactType.DATASET:
        return "datasets"
    has_model_type = isinstance(config, dict) and isinstance(config.get("model_type"), str)
    return "transformers" if has_model_type else "huggingface_hub"
