"""The whole import graph: imports inside functions and under TYPE_CHECKING count like any other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modules import PRODUCT, list_modules, name_of, parse_where, read

# From the room that no other uses to the one that all may use. import-linter holds services and
# selectors to this order each for itself; here a service is held to it when it asks a selector.
SUBJECTS = ("upkeep", "catalogue", "content", "trust", "records", "lineage", "access")
# Where a module or an object is named by a string, and who demands it. An import that the graph
# does not show is one that no contract holds.
IMPORTERS = ("import_module", "import_string", "__import__")
BY_STRING = {
    "registry_site/lazy_views.py": "views, which Django's resolver would import at the start",
    "registry_site/starting.py": "settings that the environment names",
    "artifacts/work/wake_ups.py": "what does a task at once, which a setting names",
}


def find_modules() -> dict[str, Path]:
    """Return the file of each module, by the module's name."""
    return {
        name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"): path
        for path in list_modules(*PRODUCT)
    }


MODULES = find_modules()


def list_imports(name: str, tree: ast.AST, modules: set[str]) -> Iterator[str]:
    """Yield the modules of ours that a module imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom):
            # Packages alone import by a relative path here: from themselves.
            base = f"{name}.{node.module}" if node.level else str(node.module)
            for each in node.names:
                whole = f"{base}.{each.name}"
                if whole in modules:
                    yield whole
                elif base in modules:
                    yield base


def draw_graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return what each module imports."""
    names = set(sources)
    return {
        name: set(list_imports(name, ast.parse(source), names)) - {name}
        for name, source in sources.items()
    }


def find_circle(graph: dict[str, set[str]]) -> list[str]:
    """Return modules that import one another in a circle; [] when there are none."""
    done: set[str] = set()

    def follow(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for imported in sorted(graph[name]):
            if circle := follow(imported, [*way, name]):
                return circle
        done.add(name)
        return []

    return next((circle for name in sorted(graph) if (circle := follow(name, []))), [])


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    return draw_graph({name: read(path) for name, path in MODULES.items()})


def test_graph_when_drawn_then_has_no_circle(graph):
    assert len(graph) > 400
    assert find_circle(graph) == []


@pytest.mark.parametrize(
    "late",
    [
        "def use():\n    from a import one\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n",
        "try:\n    from a import one\nexcept ImportError:\n    raise\n",
    ],
)
def test_circle_when_one_import_is_late_then_found(late):
    sources = {"a": "from b import two\n", "b": "import c\n", "c": late}
    assert find_circle(draw_graph(sources)) == ["a", "b", "c", "a"]


def subject_of(name: str) -> int | None:
    """Return how low a module's subject is; None for a module that belongs to none."""
    room, _, rest = name.removeprefix("artifacts.").partition(".")
    subject = rest.partition(".")[0]
    is_one = room in ("services", "selectors") and subject in SUBJECTS
    return SUBJECTS.index(subject) if is_one else None


def list_upward(graph: dict[str, set[str]]) -> list[str]:
    """Return the imports that lead from a subject to one above it."""
    return [
        f"{name} -> {imported}"
        for name, all_imported in graph.items()
        for imported in all_imported
        if (own := subject_of(name)) is not None
        and (other := subject_of(imported)) is not None
        and other < own
    ]


def test_subjects_when_services_ask_selectors_then_downward(graph):
    assert list_upward(graph) == []


def test_subjects_when_a_service_asks_upward_then_found():
    name, above = "artifacts.services.access.users", "artifacts.selectors.trust.rating"
    assert list_upward({name: {above}}) == [f"{name} -> {above}"]


def test_strings_when_they_name_modules_then_only_where_it_is_demanded():
    callers = {
        name_of(path)
        for path, tree in parse_where(IMPORTERS, MODULES.values())
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in IMPORTERS
    }
    assert callers == set(BY_STRING)
