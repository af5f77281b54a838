"""Text from outside becomes data in one place, and what is costly to read is read within a budget.

A door that parses by itself has checks of its own, or none: what one refuses, the other keeps.
"""

import ast
from functools import cache

import pytest

from tests.modules import list_modules, may_use, name_of, read

SOURCES = list_modules("artifacts", "registry_site")

# What reads -> the files that may use it, each with its reason.
READERS = {
    "json.loads": {
        "artifacts/selectors/trust/rating.py": "a column that the registry wrote",
        "registry_site/release.py": "the record inside of the registry's own package",
        "registry_site/settings/secret_store.py": "a secret that the registry's operator wrote",
    },
    "json.load": {},
    "json.JSONDecoder": {
        "artifacts/rules/documents.py": "the one place",
        "artifacts/rules/json_steps.py": "does it in steps for the one place",
    },
    "json.decoder": {},
    "json.scanner": {},
    "yaml": {"artifacts/rules/yaml_text.py": "the one place"},
    "markdown_it": {
        "artifacts/rules/markdown.py": "looks at the budget at each step",
        "artifacts/rules/markdown_tokens.py": "names a type",
        "artifacts/rules/readme.py": "names a type",
    },
    "nh3": {"artifacts/rules/card_html.py": "looks at the budget and counts the tags before"},
    "pyflakes": {"artifacts/rules/rating/code_checks.py": "looks at the budget at each node"},
    "ast.parse": {"artifacts/rules/rating/code_text.py": "blocks are short and flat"},
    **{
        each: {}
        for each in ("ast.literal_eval", "builtins.compile", "builtins.eval", "msgpack", "orjson",
                     "pickle", "plistlib", "simplejson", "tomllib", "ujson", "xml")
    },
}  # fmt: skip


@cache
def used_in(source: str) -> set[str]:
    """Dotted names of what a file imports and of the attributes it uses of that."""
    tree = ast.parse(source)
    imported, used = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                used.add(alias.name)
                imported[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and not node.level:
            used.add(str(node.module))
            used |= {f"{node.module}.{alias.name}" for alias in node.names}
            for alias in node.names:
                imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.add(f"{imported.get(node.value.id, node.value.id)}.{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            used.add(imported.get(node.func.id, f"builtins.{node.func.id}"))
    return used


def uses(source: str, reader: str) -> bool:
    """Whether a file uses a reader: only one that has the words of its name is parsed."""
    words = reader.removeprefix("builtins.").split(".")
    return all(may_use(source, [word]) for word in words) and any(
        f"{each}.".startswith(f"{reader}.") for each in used_in(source)
    )


def answers_itself(source: str) -> bool:
    """Whether a file asks a `requests` response for its JSON; that of `http.Answer` is ours."""
    return uses(source, "requests") and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "json"
        for node in ast.walk(ast.parse(source))
    )


def test_there_is_something_to_look_at():
    assert len(SOURCES) > 200


@pytest.mark.parametrize("reader", READERS)
def test_reader_when_used_then_only_where_the_table_says(reader):
    users = {name_of(path) for path in SOURCES if uses(read(path), reader)}
    assert users == set(READERS[reader])


def test_answer_of_a_source_when_read_then_by_the_one_way_out():
    users = [name_of(path) for path in SOURCES if answers_itself(read(path))]
    assert users == []


@pytest.mark.parametrize(
    ("source", "reader"),
    [
        ("import json\njson.loads(x)", "json.loads"),
        ("import json as j\nj.load(x)", "json.load"),
        ("from json import loads\nloads(x)", "json.loads"),
        ("def f():\n    from json import JSONDecoder as D\n    D().decode(x)", "json.JSONDecoder"),
        ("import yaml.reader", "yaml"),
        ("from yaml import safe_load", "yaml"),
        ("import ast\nast.literal_eval(x)", "ast.literal_eval"),
        ("eval(x)", "builtins.eval"),
    ],
)
def test_reader_when_a_new_door_has_one_then_it_is_seen(source, reader):
    assert uses(source, reader)


def test_answer_when_a_new_door_reads_one_itself_then_it_is_seen():
    assert answers_itself("import requests\ndata = requests.get(url).json()")
    assert not answers_itself("data = client.get(url).json()")
