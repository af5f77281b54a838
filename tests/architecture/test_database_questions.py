"""No question to the database outlives its statement, or holds a table in memory."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# `iterator` of a queryset is a cursor of the server; see `artifacts/models/walks.py`.
BANNED = {"iterator", "aiterator", "chunked_cursor"}
ROOMS = ("artifacts", "deployment", "registry_site")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def cursors_in(source: str) -> list[int]:
    """The lines that open one."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in BANNED
    ]


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 150


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_when_it_reads_many_rows_then_without_a_cursor_of_the_server(path):
    assert cursors_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "for each in Artifact.objects.all().iterator(): pass",
        "rows.values_list('id').iterator(chunk_size=5)",
        "async def f():\n    async for each in rows.aiterator(): pass",
        "connection.chunked_cursor()",
    ],
)
def test_module_when_it_opens_a_cursor_then_it_is_found(source):
    assert cursors_in(source)
