"""The runbook against the code: what it tells an operator to type is there."""

import importlib.util
import re

import pytest

from registry_site.settings.variables import KNOWN
from tests.modules import PRODUCT, ROOT, list_modules, read

RUNBOOK = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
OUR_CODE = "\n".join(read(path) for path in list_modules(*PRODUCT))
COMMANDS = {path.stem for path in (ROOT / "artifacts/management/commands").glob("[a-z]*.py")}


def named(pattern: str) -> list[str]:
    """What the runbook names, each once; a pattern that finds nothing is a broken test."""
    found = sorted(set(re.findall(pattern, RUNBOOK)))
    assert found, pattern
    return found


@pytest.mark.parametrize("target", named(r"\bmake ([a-z]+) (?:STAGE|URL)="))
def test_runbook_when_it_names_a_target_then_the_makefile_has_it(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("module", named(r"python3? -m ([a-z_.]+)"))
def test_runbook_when_it_names_a_module_then_it_is_there(module):
    assert importlib.util.find_spec(module)


@pytest.mark.parametrize(
    "variable",
    named(r"\b((?:REGISTRY|DJANGO|SECRET|DATABASE|GITHUB|HF)_[A-Z_]+|AWS_STORAGE_BUCKET_NAME)\b"),
)
def test_runbook_when_it_names_a_variable_then_the_code_reads_it(variable):
    assert variable in KNOWN or f'"{variable}"' in OUR_CODE


@pytest.mark.parametrize("event", named(r"`([a-z]+\.[a-z]+_?[a-z]+)`"))
def test_runbook_when_it_names_a_line_of_the_log_then_the_code_writes_it(event):
    assert f'"{event}"' in OUR_CODE


@pytest.mark.parametrize("command", named(r'zappa manage \w+ "([a-z_]+)'))
def test_runbook_when_it_names_a_management_command_then_it_is_there(command):
    assert command in COMMANDS


@pytest.mark.parametrize("path", named(r"\]\(([^)#]+)\)"))
def test_runbook_when_it_points_somewhere_then_something_is_there(path):
    assert (ROOT / "docs" / path).exists()


@pytest.mark.parametrize("path", named(r"\bdeployment/[a-z_]+\.[a-z]+"))
def test_runbook_when_it_names_a_file_then_it_is_there(path):
    assert (ROOT / path).exists()
