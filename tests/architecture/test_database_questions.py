"""No question to the database outlives its statement, or holds a table in memory."""

import ast

import pytest

from tests.modules import PRODUCT, list_modules, name_of, parse_where

# `iterator` of a queryset is a cursor of the server; see `artifacts/models/walks.py`.
BANNED = {"iterator", "aiterator", "chunked_cursor"}


def cursors_in(tree: ast.AST) -> list[int]:
    """The lines that open one."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in BANNED
    ]


def test_modules_when_they_read_many_rows_then_without_a_cursor_of_the_server():
    modules = list_modules(*PRODUCT)
    found = {name_of(path): cursors_in(tree) for path, tree in parse_where(BANNED, modules)}
    assert len(modules) > 400
    assert {name: lines for name, lines in found.items() if lines} == {}


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
    assert cursors_in(ast.parse(source))
