"""What is shown of a family: what an artifact was made from, what was made from it, a picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db.models import F

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import ArtifactType, DecisionState, only_against
from artifacts.limits import LINEAGE_NODES_MAX, RELATIVES_SHOWN_MAX
from artifacts.models import Artifact, LineageEdge
from artifacts.rules.lineage.picture import Picture, lay_out_family
from artifacts.rules.page_urls import only_web_url
from artifacts.selectors.lineage.graph import LineageGraph, get_lineage, registered_id


@dataclass(frozen=True)
class Relative:
    """A parent or a child of an artifact.

    Attributes:
        artifact_id: "" for a parent that is not registered.
        web_url: its page at its source, where that is one that a page may link to; "" otherwise.
        origin: where the relationship is written, as in `model_card`.
        decision: `rejected` or `quarantined`, where its current revision is; "" otherwise.
    """

    artifact_id: str
    name: str
    artifact_type: str
    relationship: str
    origin: str
    web_url: str = ""
    decision: str = ""


@dataclass(frozen=True)
class FamilyLink:
    """Two models of a family, whichever the page is about; an id is "" where none is registered."""

    parent_id: str
    parent: str
    child_id: str
    child: str
    relationship: str


@dataclass(frozen=True)
class Family:
    """The lineage of an artifact.

    Attributes:
        picture: the models of the family; None where there is one or none.
        links: the same as the picture says, and more, as a list.
        is_cut: whether the family is larger than the `members_max` models that are walked.
    """

    artifact_id: str
    artifact_type: str
    name: str
    parents: FirstRows[Relative]
    children: FirstRows[Relative]
    picture: Picture | None = None
    links: FirstRows[FamilyLink] = field(default_factory=FirstRows)
    is_cut: bool = False
    members_max: int = LINEAGE_NODES_MAX


def get_family(artifact: Artifact, most: int | None = None) -> Family:
    """Return the family of an artifact; only models have more of it than parents and children.

    Args:
        most: of how many parents, children and links each there is a row; None for
            `RELATIVES_SHOWN_MAX`.
    """
    most = RELATIVES_SHOWN_MAX if most is None else most
    edges = LineageEdge.objects.order_by("parent_type", "id")
    parents = take_first_rows(
        edges.filter(child_id=artifact.id).annotate(
            decision=F("parent__current_revision__decision")
        ),
        most,
        _show_parent,
    )
    children = take_first_rows(
        edges.filter(parent_id=artifact.id, child__current_revision__isnull=False)
        .exclude(child__current_revision__decision=DecisionState.QUARANTINED)
        .annotate(decision=F("child__current_revision__decision"))
        .select_related("child"),
        most,
        _show_child,
    )
    if artifact.type != ArtifactType.MODEL or artifact.current_revision_id is None:
        return Family(artifact.id, artifact.type, artifact.name, parents, children)
    graph = get_lineage(artifact.id, with_quarantined=True)
    return Family(
        artifact_id=artifact.id,
        artifact_type=artifact.type,
        name=artifact.name,
        parents=parents,
        children=children,
        picture=_draw(graph, artifact.id),
        links=_list_links(graph, most),
        is_cut=graph.is_cut,
    )


def _show_parent(edge: LineageEdge) -> Relative:
    """Return what is shown of a parent."""
    return Relative(
        artifact_id=edge.parent_id or "",
        name=edge.parent_name,
        artifact_type=edge.parent_type,
        relationship=edge.relationship,
        origin=edge.origin,
        web_url=only_web_url(edge.parent_url),
        decision=only_against(edge.decision),  # type: ignore[attr-defined]  # annotated above,
    )


def _show_child(edge: LineageEdge) -> Relative:
    """Return what is shown of a child."""
    return Relative(
        artifact_id=edge.child_id,
        name=edge.child.name,
        artifact_type=edge.child.type,
        relationship=edge.relationship,
        origin=edge.origin,
        decision=only_against(edge.decision),  # type: ignore[attr-defined]  # annotated above,
    )


def _draw(graph: LineageGraph, artifact_id: str) -> Picture | None:
    """Return the picture of a family of two or more."""
    if len(graph.nodes) < 2:  # noqa: PLR2004  (alone)
        return None
    names = {each.artifact_id: each.name for each in graph.nodes.values()}
    links = [(each.parent_id, each.child_id, each.relationship) for each in graph.links.values()]
    picture = lay_out_family(names, links, artifact_id)
    boxes = (replace(box, artifact_id=registered_id(box.artifact_id)) for box in picture.boxes)
    return replace(picture, boxes=tuple(boxes))


def _list_links(graph: LineageGraph, most: int) -> FirstRows[FamilyLink]:
    """Return the links of a family between models that were walked, with their names."""
    known = [
        each
        for each in graph.links.values()
        if each.parent_id in graph.nodes and each.child_id in graph.nodes
    ]
    return FirstRows(
        tuple(
            FamilyLink(
                parent_id=registered_id(each.parent_id),
                parent=graph.nodes[each.parent_id].name,
                child_id=registered_id(each.child_id),
                child=graph.nodes[each.child_id].name,
                relationship=each.relationship,
            )
            for each in known[:most]
        ),
        len(known),
    )
