"""The documents against the code: what can be set or called has its place in them."""

import re
from pathlib import Path

import pytest

from registry_site.settings.variables import KNOWN, SECRET_ARNS, VARIABLES

ROOT = Path(__file__).resolve().parents[2]


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_variables_are_found():
    assert len(VARIABLES) > 15


@pytest.mark.parametrize("name", VARIABLES)
def test_variable_when_it_is_read_then_it_is_described(name):
    assert f"`{name}`" in text_of("docs/settings.md")


def test_variables_when_the_tables_are_read_then_each_has_one_row():
    rows = re.findall(r"^\| (`[^|]+) \|", text_of("docs/settings.md"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)]
    # Where a secret is kept is one sentence for all; what our own programs hand on is nobody's.
    described = KNOWN - set(SECRET_ARNS.values()) - {"REGISTRY_STATIC_ROOT", "REGISTRY_LOG"}
    assert len(described) > 40
    assert sorted(named) == sorted(described)


def test_dependencies_when_listed_then_each_has_its_reason():
    project = text_of("pyproject.toml")
    listed = re.findall(
        r'^  "([a-z0-9\-]+)', project.split("dependencies = [")[1].split("]\n")[0], re.MULTILINE
    )
    assert len(listed) > 10
    missing = [name for name in listed if name not in text_of("docs/dependencies.md")]
    assert missing == []


def test_readme_when_counted_then_under_150_lines():
    assert len(text_of("README.md").splitlines()) < 150


@pytest.mark.parametrize("name", re.findall(r"\]\(((?:docs|\.)[^)#]+)\)", text_of("README.md")))
def test_readme_when_it_points_somewhere_then_something_is_there(name):
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", re.findall(r"`make ([a-z-]+)`", text_of("README.md")))
def test_readme_when_it_names_a_command_then_the_makefile_has_it(name):
    assert re.search(rf"^{name}:", text_of("Makefile"), re.MULTILINE)
