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

from artifacts.routes import BY_NAME
from artifacts.routes.operations import DECIDE, OPEN, SEARCH, SIGNED_IN, UPLOAD

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


# What everybody who sees a template of this folder may do, by the table of routes; whoever sees the
# others may do nothing more than sign in, or they ask first.
SEEN_WITH = {
    "web/artifact": SEARCH, "web/catalogue": SEARCH, "web/compare": SEARCH, "web/lineage": SEARCH,
    "web/trust": SEARCH, "web/decide": DECIDE, "web/register": UPLOAD, "web/upload": UPLOAD,
    "upload": UPLOAD,
}  # fmt: skip
# These show how far a registration is, for who may search.
SEEN_BY_SEARCHERS = ("web/register/progress.html", "web/register/state.html")
# These ask in the template what the person may do.
ASKING = ("base.html", "web/home.html", "web/account/account.html")
OF_EVERYBODY = [name for name in NAMES if not name.startswith("admin/") and name not in ASKING]


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_templates_when_they_name_a_page_then_whoever_sees_them_may_open_it(name):
    may = SEARCH if name in SEEN_BY_SEARCHERS else SEEN_WITH.get(name.rpartition("/")[0])
    for node in nodes_of(name, URLNode):
        route = BY_NAME.get(node.view_name.var)
        operation = route and (route.methods.get("GET") or next(iter(route.methods.values())))
        assert operation is None or operation.permission in (OPEN, SIGNED_IN, may), node.view_name
