"""What the page of one artifact shows above its tabs, and on the first of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from artifacts.database.first_rows import FirstRows
from artifacts.enums import ArtifactType, TaskState
from artifacts.exceptions import SizeUnknown, TooManyDependencies
from artifacts.models import Artifact, Task
from artifacts.rules.card_facts import CardFacts, read_card_facts
from artifacts.selectors.catalogue.cost import BYTES_PER_MB, Costs, sum_costs
from artifacts.selectors.catalogue.overview import Facts, gather_facts, get_explained_card
from artifacts.selectors.catalogue.states import Card
from artifacts.selectors.content.files import PartSum, sum_parts
from artifacts.selectors.lineage.foundation import (
    Ingredient,
    StatedLicense,
    list_ingredients,
    list_licenses,
)
from artifacts.selectors.lineage.graph import registered_id
from artifacts.selectors.trust.verdict import Verdict, get_verdict
from artifacts.sources.silence import silent_sources


@dataclass(frozen=True)
class Header:
    """What stands above all tabs.

    Attributes:
        parts: what there is of it, and what of that can be downloaded as a zip.
        has_bundle: whether all of it can be.
    """

    verdict: Verdict
    facts: Facts
    parts: tuple[PartSum, ...]
    has_bundle: bool
    files: int


@dataclass(frozen=True)
class Weight:
    """What it costs to download, with everything that it rests on.

    Attributes:
        total_bytes: None where the size of the artifact itself is unknown, or there is too much.
        others: how many things it rests on.
        unknown: of how many of these nobody knows the size, so that the total lacks them.
        is_too_much: whether it rests on more things than are added up.
    """

    total_bytes: int | None = None
    others: int = 0
    unknown: int = 0
    is_too_much: bool = False


@dataclass(frozen=True)
class Front:
    """The first tab: the card, and facts beside it.

    Attributes:
        licenses: of the registered things that it rests on.
    """

    card: Card
    card_facts: CardFacts
    ingredients: FirstRows[Ingredient]
    licenses: FirstRows[StatedLicense]
    weight: Weight


@dataclass(frozen=True)
class Waiting:
    """Why there is nothing to see of an artifact yet.

    Attributes:
        task_state: of the work that asks its source, "" if there is none.
        attempts: how often it was tried.
        due_at: when it is tried next, None if it does not wait.
        error: what went wrong at the last attempt, "" for nothing.
        silent: the names of the sources that lately did not answer, whoever asked.
    """

    task_state: str = ""
    attempts: int = 0
    attempts_max: int = 0
    due_at: datetime | None = None
    error: str = ""
    silent: tuple[str, ...] = ()


def get_header(artifact: Artifact) -> Header:
    """Return what stands above all tabs, in one query."""
    revision = artifact.current_revision
    parts = sum_parts(revision) if revision else ()
    facts = gather_facts(artifact)
    return Header(
        verdict=get_verdict(artifact),
        facts=facts,
        parts=parts,
        has_bundle=bool(parts) and facts.content_state == "stored",
        files=sum(each.files for each in parts),
    )


def get_front(artifact: Artifact) -> Front:
    """Return the first tab of an artifact whose source has answered, in six queries."""
    revision = artifact.current_revision
    try:
        costs = sum_costs(artifact.id)
    except SizeUnknown:
        costs, weight = Costs({}, ()), Weight()
    except TooManyDependencies:
        costs, weight = Costs({}, ()), Weight(is_too_much=True)
    else:
        weight = _weigh(artifact.id, costs)
    below = {each for each in (*costs.entries, *costs.unknown) if registered_id(each)}
    return Front(
        card=get_explained_card(artifact),
        card_facts=read_card_facts(revision.card, revision.facts) if revision else CardFacts(),
        ingredients=list_ingredients(artifact.id),
        licenses=list_licenses(below - {artifact.id}),
        weight=weight,
    )


def get_waiting(artifact: Artifact) -> Waiting:
    """Return why there is nothing to see of an artifact yet, in two queries."""
    silent = tuple(silent_sources())
    task = Task.objects.filter(artifact_id=artifact.id).order_by("-created_at").first()
    if task is None:
        return Waiting(silent=silent)
    return Waiting(
        task_state=task.state,
        attempts=task.attempts,
        attempts_max=task.attempts_max,
        due_at=task.due_at if task.state == TaskState.READY else None,
        error=task.error,
        silent=silent,
    )


def is_rated(artifact: Artifact) -> bool:
    """Whether an artifact is of a kind that is rated."""
    return artifact.type == ArtifactType.MODEL


def _weigh(artifact_id: str, costs: Costs) -> Weight:
    """Return the sum of what an artifact costs with everything that it rests on."""
    return Weight(
        total_bytes=round(costs.entries[artifact_id].total_mb * BYTES_PER_MB),
        others=len(costs.entries) + len(costs.unknown) - 1,
        unknown=len(costs.unknown),
    )
