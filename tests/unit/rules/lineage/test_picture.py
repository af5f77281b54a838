"""A family as a picture."""

from xml.etree import ElementTree as ET

import pytest

from artifacts.rules.lineage.picture import NODES_DRAWN_MAX, draw_lineage

SVG = "{http://www.w3.org/2000/svg}"


def drawn(names, links, current="a"):
    text = draw_lineage(names, links, current, lambda each: f"/page/{each}" if each != "x" else "")
    picture, end, rest = text.partition("</svg>")
    return ET.fromstring(picture + end), rest  # noqa: S314  (our own text)


def test_picture_when_drawn_then_boxes_left_to_right_with_links():
    root, rest = drawn({"b": "Child", "a": "Mother", "x": "Out"}, [("a", "b", "finetune")])
    assert root.find(f"{SVG}title").text == "Lineage of Mother"
    assert "Mother is finetune of Child" in root.find(f"{SVG}desc").text
    assert [each.get("href") for each in root.iter(f"{SVG}a")] == ["/page/b", "/page/a"]
    places = [int(each.get("x")) for each in root.iter(f"{SVG}rect")]
    assert places[1] < places[0]
    assert rest == ""


def test_picture_when_a_name_is_hostile_then_it_is_text():
    root, _ = drawn({"a": '<script>"&</script>'}, [])
    assert root.find(f".//{SVG}script") is None
    assert root.find(f".//{SVG}text").text == '<script>"&</script>'


@pytest.mark.parametrize(
    "links", [[("a", "b", "x"), ("b", "a", "x")], [("a", "a", "x")]], ids=["cycle", "loop"]
)
def test_picture_when_there_is_a_cycle_then_it_is_drawn(links):
    root, _ = drawn({"a": "A", "b": "B"}, links)
    assert len(list(root.iter(f"{SVG}rect"))) == 2


def test_picture_when_the_family_is_large_then_a_note():
    names = {"a": "A"} | {f"m{n}": str(n) for n in range(NODES_DRAWN_MAX + 4)}
    root, rest = drawn(names, [])
    assert len(list(root.iter(f"{SVG}rect"))) == NODES_DRAWN_MAX
    assert "5 more models" in rest
