"""A family of models as a picture: layers from left to right, parents before children."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

# More boxes than this nobody can read; the list beside the picture has them all.
NODES_DRAWN_MAX = 60
_BOX_WIDTH, _BOX_HEIGHT = 190, 34
_GAP_X, _GAP_Y = 60, 16
_MARGIN = 12
_NAME_CHARS = 24


def draw_lineage(
    names: Mapping[str, str],
    links: Iterable[tuple[str, str, str]],
    current: str,
    link: Callable[[str], str],
) -> str:
    """Return an SVG of a family; every text in it is escaped.

    Args:
        names: name of each model by its id.
        links: parent, child and relationship.
        current: the id that the picture is about; it is drawn bolder.
        link: the address of a model's page by its id, "" for none.
    """
    shown = {each: names[each] for each in list(names)[:NODES_DRAWN_MAX]}
    edges = [(a, b, words) for a, b, words in links if a in shown and b in shown]
    places = _places(shown, edges)
    width = max((x for x, _ in places.values()), default=0) + _BOX_WIDTH + _MARGIN
    height = max((y for _, y in places.values()), default=0) + _BOX_HEIGHT + _MARGIN
    left_out = len(names) - len(shown)
    title = f"Lineage of {names.get(current, current)}"
    described = "; ".join(f"{shown[a]} is {words} of {shown[b]}" for a, b, words in edges)
    head = (
        f'<svg class="registry-lineage" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    )
    parts = [
        head,
        f"<title>{escape(title)}</title><desc>{escape(described or 'It stands alone.')}</desc>",
        *(_line(places[a], places[b], words) for a, b, words in edges),
        *(_box(places[each], name, link(each), is_current=each == current)
          for each, name in shown.items()),
        "</svg>",
    ]  # fmt: skip
    if left_out:
        parts.append(f"<p>{left_out} more models of this family are in the list.</p>")
    return "".join(parts)


def _places(
    names: Mapping[str, str], edges: Iterable[tuple[str, str, str]]
) -> dict[str, tuple[int, int]]:
    """Return where each box stands: as far right as the longest way from a model without parents.

    Cycles are survived: the ways are made longer only as often as there are boxes.
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
            _MARGIN + column * (_BOX_WIDTH + _GAP_X), _MARGIN + row * (_BOX_HEIGHT + _GAP_Y)
        )  # fmt: skip
    return places


def _line(parent: tuple[int, int], child: tuple[int, int], words: str) -> str:
    """Return an edge from the right of its parent to the left of its child."""
    x1, y1 = parent[0] + _BOX_WIDTH, parent[1] + _BOX_HEIGHT // 2
    x2, y2 = child[0], child[1] + _BOX_HEIGHT // 2
    middle = (x1 + x2) // 2
    return (
        f'<path d="M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}" fill="none" '
        f'stroke="currentColor"><title>{escape(words)}</title></path>'
    )


def _box(place: tuple[int, int], name: str, url: str, *, is_current: bool) -> str:
    """Return a box with its name, linked when it has a page."""
    x, y = place
    short = (
        name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}\N{HORIZONTAL ELLIPSIS}"
    )
    weight = "bold" if is_current else "normal"
    drawn = (
        f'<rect x="{x}" y="{y}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}" rx="6" fill="none" '
        f'stroke="currentColor" stroke-width="{3 if is_current else 1}"/>'
        f'<text x="{x + 10}" y="{y + 22}" fill="currentColor" font-size="13" '
        f'font-weight="{weight}">{escape(short)}</text>'
        f"<title>{escape(name)}</title>"
    )
    return f'<a href="{escape(url)}">{drawn}</a>' if url else f"<g>{drawn}</g>"
