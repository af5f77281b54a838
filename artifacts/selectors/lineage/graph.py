"""Questions about what was made from what. They walk level by level, never node by node."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import F, Q

from artifacts.enums import ArtifactType, DecisionState, only_against
from artifacts.limits import LINEAGE_EDGES_READ_MAX, LINEAGE_NODES_MAX
from artifacts.models import LineageEdge, Revision
from artifacts.rules.names import in_hyphens
from artifacts.selectors.artifacts import get_artifact

# Values in one statement; SQLite takes 32,766 parameters, and some stand in it twice.
_BATCH = 5_000
_EXTERNAL = "external-"
_EDGE_FIELDS = (
    "child_id", "child__name", "child__current_revision__decision",
    "parent_id", "parent__name", "parent__current_revision__decision", "parent_name", "parent_key",
    "parent_url", "relationship", "origin",
)  # fmt: skip


@dataclass(frozen=True)
class LineageNode:
    """A model of the family (contract: ArtifactLineageNode).

    Attributes:
        artifact_id: that of the artifact, or `external-...` for one that is not registered.
        source: where its place in the family is written; "" for a model without parents.
        repository_url: its page; "" when that is not known.
        decision: `rejected` or `quarantined`, where its current revision is; "" otherwise.
    """

    artifact_id: str
    name: str
    source: str
    repository_url: str
    decision: str = ""

    @property
    def known_from(self) -> str:
        """Where it is known from: a model at the top of its family, from its registration."""
        return self.source or "registered"

    @property
    def metadata(self) -> dict[str, str] | None:
        """What else is known of it; None for nothing. The pages of uploads lead nowhere outside."""
        has_page = self.repository_url.startswith(("https://", "http://"))
        known = {"repository_url": self.repository_url} if has_page else {}
        if self.decision:
            known["decision"] = self.decision
        return known or None


@dataclass(frozen=True)
class LineageLink:
    """From a parent to a child (contract: ArtifactLineageEdge)."""

    parent_id: str
    child_id: str
    relationship: str


@dataclass
class LineageGraph:
    """A family of models, in the order in which it was walked from the one that was asked for.

    Attributes:
        is_cut: True when the family is larger than is shown.
    """

    nodes: dict[str, LineageNode] = field(default_factory=dict)
    links: dict[tuple[str, str], LineageLink] = field(default_factory=dict)
    is_cut: bool = False


def get_lineage(artifact_id: str, *, with_quarantined: bool = False) -> LineageGraph:
    """Return the whole connected family of a model, as far as the registry knows it.

    Two queries a level. Cycles end by themselves, since each model is looked at once. What is
    beyond `LINEAGE_NODES_MAX` models or `LINEAGE_EDGES_READ_MAX` rows is left out, and `is_cut`
    says so.

    Raises:
        ArtifactNotFound: there is no such model.
    """
    artifact = get_artifact(ArtifactType.MODEL, artifact_id, with_quarantined=with_quarantined)
    graph = LineageGraph()
    url = artifact.current_revision.url if artifact.current_revision else ""
    decision = artifact.current_revision.decision if artifact.current_revision else ""
    graph.nodes[artifact_id] = LineageNode(
        artifact_id, artifact.name, "", url, only_against(decision)
    )
    # Whom to look at next: registered ones by id, others by the key that several may name.
    ids, keys = [artifact_id], set[str]()
    seen_keys: set[str] = set()
    edges_left = LINEAGE_EDGES_READ_MAX
    while ids or keys:
        seen_keys |= keys
        edges = _edges_of(artifact_id, ids, keys, edges_left)
        ids, keys = [], set()
        for edge in edges:
            if len(graph.nodes) >= LINEAGE_NODES_MAX and not _is_inside(graph, edge):
                graph.is_cut = True
                continue
            new_ids, new_key = _add(graph, edge)
            ids += new_ids
            if new_key and new_key not in seen_keys:
                keys.add(new_key)
        edges_left -= len(edges)
        if edges_left <= 0:
            graph.is_cut = True
            break
    _complete(graph)
    return graph


def registered_id(artifact_id: str) -> str:
    """Return the id of a node of the graph, "" for one that is not registered."""
    return "" if artifact_id.startswith(_EXTERNAL) else artifact_id


def external_id(key: str) -> str:
    """Return an id for a parent that is not registered, from the identity of its source.

    Not from its name, which children spell as they like: one source has one id, and two never
    share one.
    """
    name = key.partition(":")[2].lower()
    readable = in_hyphens(name, lambda each: each.isascii() and each.isalnum())[:60]
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{_EXTERNAL}{readable}-{digest}"


def _edges_of(
    start: str, ids: Sequence[str], keys: Iterable[str], most: int
) -> list[dict[str, str]]:
    """Return the edges between models that touch some of them, in the order of their making.

    Args:
        start: the model that was asked for, which is walked from even in quarantine.
    """
    # Parents in quarantine stay, since their children have to say so.
    visible = LineageEdge.objects.filter(
        parent_type=ArtifactType.MODEL,
        child__type=ArtifactType.MODEL,
        child__current_revision__isnull=False,
    ).filter(~Q(child__current_revision__decision=DecisionState.QUARANTINED) | Q(child_id=start))
    touching = [
        *(Q(child_id__in=some) | Q(parent_id__in=some) for some in _batches(ids)),
        *(Q(parent__isnull=True, parent_key__in=some) for some in _batches(sorted(keys))),
    ]
    found: list[dict[str, str]] = []
    for each in touching:
        rows = visible.filter(each).order_by("id").values(*_EDGE_FIELDS)
        found += rows[: most - len(found)]
    return found


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many values at once as one statement takes."""
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))


def _ends(edge: dict[str, str]) -> tuple[str, str]:
    """Return the ids of both ends, the parent's first."""
    return edge["parent_id"] or external_id(edge["parent_key"]), edge["child_id"]


def _is_inside(graph: LineageGraph, edge: dict[str, str]) -> bool:
    """Whether both ends are known already."""
    return all(end in graph.nodes for end in _ends(edge))


def _add(graph: LineageGraph, edge: dict[str, str]) -> tuple[list[str], str]:
    """Add an edge with its ends; returns whom to look at next: new ids, and a key."""
    parent_id, child_id = _ends(edge)
    new = []
    if parent_id not in graph.nodes:
        name = edge["parent__name"] or edge["parent_name"]
        decision = only_against(edge["parent__current_revision__decision"])
        graph.nodes[parent_id] = LineageNode(
            parent_id, name, edge["origin"], edge["parent_url"], decision
        )
        if edge["parent_id"]:
            new.append(parent_id)
    known = graph.nodes.get(child_id)
    if known is None:
        decision = only_against(edge["child__current_revision__decision"])
        graph.nodes[child_id] = LineageNode(
            child_id, edge["child__name"], edge["origin"], "", decision
        )
        new.append(child_id)
    elif not known.source:
        graph.nodes[child_id] = replace(known, source=edge["origin"])
    graph.links[parent_id, child_id] = LineageLink(parent_id, child_id, edge["relationship"])
    return new, "" if edge["parent_id"] else edge["parent_key"]


def _complete(graph: LineageGraph) -> None:
    """Add the pages of the registered models."""
    lacking = [each.artifact_id for each in graph.nodes.values() if not each.repository_url]
    for some in _batches(lacking):
        pages = Revision.objects.filter(artifact__current_revision=F("pk"), artifact_id__in=some)
        for artifact_id, url in pages.values_list("artifact_id", "url"):
            graph.nodes[artifact_id] = replace(graph.nodes[artifact_id], repository_url=url)
