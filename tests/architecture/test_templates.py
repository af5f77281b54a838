"""Every template compiles, also one that no test renders, and names only what there is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import Engine, Template
from django.template.base import Node
from django.template.defaulttags import URLNode
from django.templatetags.static import StaticNode
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(
    str(path.relative_to(folder))
    for folder in (ROOT / "templates", ROOT / "artifacts" / "templates")
    for path in folder.rglob("*.html")
)


def compiled(name: str) -> Template:
    return Engine.get_default().get_template(name)


def nodes_of(name: str, kind: type[Node]) -> Iterator[Any]:
    for node in compiled(name).nodelist:
        yield from node.get_nodes_by_type(kind)


def pages() -> set[str]:
    """The names of all routes, those of the staff site with its prefix."""
    own = get_resolver()
    found = {name for name in own.reverse_dict if isinstance(name, str)}
    for prefix, (_, inner) in own.namespace_dict.items():
        found |= {f"{prefix}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
    return found


def test_templates_when_listed_then_the_front_page_is_among_them():
    assert "web/home.html" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_templates_when_compiled_then_no_tag_is_open_and_no_filter_unknown(name):
    assert compiled(name).nodelist


@pytest.mark.parametrize("name", NAMES)
def test_templates_when_they_name_a_page_then_it_is_there(name):
    named = {str(node.view_name.var) for node in nodes_of(name, URLNode)}
    assert named - pages() == set()


@pytest.mark.parametrize("name", NAMES)
def test_templates_when_they_name_a_static_file_then_it_is_there(name):
    paths = {str(node.path.var) for node in nodes_of(name, StaticNode)}
    assert {path for path in paths if finders.find(path) is None} == set()
