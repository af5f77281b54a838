"""A family as a picture."""

import pytest

from artifacts.rules.lineage.picture import BOX_WIDTH, NODES_DRAWN_MAX, lay_out_family


def test_picture_when_laid_out_then_parents_are_left_of_their_children():
    names = {"b": "Child", "a": "Mother", "x": "Out"}
    picture = lay_out_family(names, [("a", "b", "finetune")], "a")
    places = {box.name: box.x for box in picture.boxes}
    assert places["Mother"] + BOX_WIDTH < places["Child"]
    assert [(box.artifact_id, box.is_current) for box in picture.boxes] == [
        ("b", False), ("a", True), ("x", False),
    ]  # fmt: skip
    assert picture.left_out == 0


def test_line_when_laid_out_then_leads_from_the_parents_side_to_the_childs():
    picture = lay_out_family({"a": "A", "b": "B"}, [("a", "b", "finetune")], "a")
    (line,) = picture.lines
    parent, child = picture.boxes
    assert (line.x1, line.x2) == (parent.x + BOX_WIDTH, child.x)
    assert parent.y < line.y1 < child.y + picture.height
    assert (line.parent, line.child, line.relationship) == ("A", "B", "finetune")
    assert child.x + BOX_WIDTH < picture.width


@pytest.mark.parametrize(
    "links", [[("a", "b", "x"), ("b", "a", "x")], [("a", "a", "x")]], ids=["cycle", "loop"]
)
def test_picture_when_there_is_a_cycle_then_it_is_laid_out(links):
    picture = lay_out_family({"a": "A", "b": "B"}, links, "a")
    assert len({(box.x, box.y) for box in picture.boxes}) == 2


def test_picture_when_the_family_is_large_then_the_rest_is_counted():
    names = {"a": "A"} | {f"m{n}": str(n) for n in range(NODES_DRAWN_MAX + 4)}
    picture = lay_out_family(names, [("a", f"m{NODES_DRAWN_MAX}", "finetune")], "a")
    assert len(picture.boxes) == NODES_DRAWN_MAX
    assert (picture.left_out, picture.lines) == (5, ())
