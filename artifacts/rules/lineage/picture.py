"""The layout of a family's picture: layers from left to right, parents first.

It computes numbers and texts only; `templates/panels/lineage.html` draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Nobody can read more boxes than this; the list below the picture has all models.
NODES_DRAWN_MAX = 60
BOX_WIDTH, BOX_HEIGHT = 190, 34
_GAP_X, _GAP_Y = 60, 16
_MARGIN = 12


@dataclass(frozen=True)
class Box:
    """A model in the picture, with the position of its upper left corner.

    Attributes:
        artifact_id: the id that its page is found by; callers empty it where there is no page.
    """

    artifact_id: str
    name: str
    x: int
    y: int
    is_current: bool


@dataclass(frozen=True)
class Line:
    """A curve from the right side of a parent to the left side of its child.

    Attributes:
        middle_x: where the curve runs vertically.
    """

    x1: int
    y1: int
    x2: int
    y2: int
    middle_x: int
    parent: str
    child: str
    relationship: str


@dataclass(frozen=True)
class Picture:
    """A family, with as many models as people can read.

    Attributes:
        left_out: the number of models without a box.
    """

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


def lay_out_family(
    names: Mapping[str, str], links: Iterable[tuple[str, str, str]], current: str
) -> Picture:
    """Return the picture of a family.

    Args:
        names: the name of each model by its id.
        links: parent, child and relationship.
        current: the id of the model that the picture is about.
    """
    shown = {each: names[each] for each in list(names)[:NODES_DRAWN_MAX]}
    edges = [(a, b, words) for a, b, words in links if a in shown and b in shown]
    places = _places(shown, edges)
    return Picture(
        width=max((x for x, _ in places.values()), default=0) + BOX_WIDTH + _MARGIN,
        height=max((y for _, y in places.values()), default=0) + BOX_HEIGHT + _MARGIN,
        boxes=tuple(
            Box(each, name, *places[each], is_current=each == current)
            for each, name in shown.items()
        ),
        lines=tuple(
            _line(places[a], places[b], (shown[a], shown[b], words)) for a, b, words in edges
        ),
        left_out=len(names) - len(shown),
    )


def _places(
    names: Mapping[str, str], edges: Iterable[tuple[str, str, str]]
) -> dict[str, tuple[int, int]]:
    """Return each box's position; its layer is the longest path from a model without parents.

    Cycles do no harm: paths grow only as often as there are boxes.
    """
    pairs = [(a, b) for a, b, _ in edges if a != b]
    layer = dict.fromkeys(names, 0)
    for _ in range(len(names)):
        moved = False
        for parent, child in pairs:
            if layer[child] <= layer[parent] < len(names) - 1:
                layer[child], moved = layer[parent] + 1, True
        if not moved:
            break
    used = sorted(set(layer.values()))
    rows: dict[int, int] = {}
    places = {}
    for each in names:
        column = used.index(layer[each])
        row = rows[column] = rows.get(column, -1) + 1
        places[each] = (
            _MARGIN + column * (BOX_WIDTH + _GAP_X), _MARGIN + row * (BOX_HEIGHT + _GAP_Y)
        )  # fmt: skip
    return places


def _line(parent: tuple[int, int], child: tuple[int, int], words: tuple[str, str, str]) -> Line:
    """Return a line from the right side of a parent to the left side of its child."""
    x1, y1 = parent[0] + BOX_WIDTH, parent[1] + BOX_HEIGHT // 2
    x2, y2 = child[0], child[1] + BOX_HEIGHT // 2
    return Line(x1, y1, x2, y2, (x1 + x2) // 2, *words)
