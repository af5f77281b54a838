"""The examples of /docs, pasted one after the other into a shell, Python and JavaScript."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from artifacts.api.examples import SECTIONS
from tests.e2e.test_journey import CODE, MODEL
from tests.fakes import loopback, repositories
from tests.performance.registry import PASSWORD, USER, Registry

EXAMPLES = [each for section in SECTIONS for each in section.examples]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with loopback.serve() as sources:
        repositories.publish_model(sources, "openai/whisper-tiny", MODEL)
        repositories.publish_code(sources, "openai/whisper", CODE)
        found = Registry(
            tmp_path_factory.mktemp("docs") / "data",
            sources.url,
            GITHUB_API_URL=sources.url,
            GITHUB_TOKEN="of-the-examples",
        )
        found.start()
        yield found
        found.stop()


@pytest.fixture(scope="module")
def blocks(registry: Registry) -> list[str]:
    """What the page offers to paste, in its order: three languages each time."""
    page = registry.ask("GET", "/docs")[1].decode()
    found = [unescape(each) for each in re.findall(r"<code>([^<]*)</code></pre>", page)]
    assert len(found) == 3 * (len(EXAMPLES) + 1)
    return found


def script_of(blocks: list[str], language: int) -> str:
    """All examples of a language that run as pasted, with name and password filled in."""
    chosen = blocks[language::3]
    lines = [chosen[0]]
    lines += [code for each, code in zip(EXAMPLES, chosen[1:], strict=True) if not each.not_run]
    text = "\n".join(lines)
    return text.replace("your name", USER).replace("your password", PASSWORD)


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    assert (folder / "weights.zip").read_bytes().startswith(b"PK")
    return done.stdout


def test_shell_when_all_examples_are_pasted_then_each_works(blocks, tmp_path):
    script = tmp_path / "examples.sh"
    # The pipe's status, or a refused sign-in would go unnoticed.
    script.write_text(f"set -eo pipefail\n{script_of(blocks, 0)}", encoding="utf-8")
    assert '"net_score"' in run(["/bin/bash", str(script)], tmp_path)


def test_python_when_all_examples_are_pasted_then_each_works(blocks, tmp_path):
    script = tmp_path / "examples.py"
    script.write_text(script_of(blocks, 1), encoding="utf-8")
    assert "'net_score'" in run([sys.executable, "-I", str(script)], tmp_path)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node to run JavaScript")
def test_javascript_when_all_examples_are_pasted_then_each_works(blocks, tmp_path):
    script = tmp_path / "examples.mjs"
    script.write_text(script_of(blocks, 2), encoding="utf-8")
    assert "net_score" in run(["node", str(script)], tmp_path)
