"""The first minutes with the registry: what `make run` says, and the lines of the README."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import readme
from tests.e2e.test_journey import CODE, MODEL
from tests.fakes import loopback, repositories
from tests.functional.api.uploading import make_zip
from tests.performance.registry import USER, Registry

ROOT = readme.ROOT
ENDS_IN_S = 60


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """One that is started as a newcomer does, with the published password."""
    with loopback.serve() as sources:
        repositories.publish_model(sources, "openai/whisper-tiny", MODEL)
        repositories.publish_code(sources, "openai/whisper", CODE)
        found = Registry(
            tmp_path_factory.mktemp("first") / "data",
            sources.url,
            GITHUB_API_URL=sources.url,
            GITHUB_TOKEN="of-the-newcomer",
            REGISTRY_ADMIN_PASSWORD="",
        )
        found.start()
        yield found
        found.stop()


def test_serve_when_started_then_says_where_as_whom_and_what_next(registry):
    told = registry.log.read_text()
    assert f"The registry is at {registry.url}" in told
    assert f"as {USER}" in told
    pasted = re.search(r"in another shell: (.+)", told)
    done = subprocess.run(
        ["/bin/bash", "-c", pasted[1]], capture_output=True, text=True, timeout=60, check=True
    )
    assert "plannedTracks" in done.stdout


def test_readme_when_its_first_steps_are_pasted_then_each_works(registry, tmp_path):
    (tmp_path / "my-model.zip").write_bytes(make_zip())
    script = readme.first_steps().replace("http://127.0.0.1:8000", registry.url)
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -eo pipefail\n{script}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1_000:] + done.stderr[-1_000:]
    assert '"net_score"' in done.stdout
    assert '"name": "my-model"' in done.stdout
    assert len(list(tmp_path.glob("*.zip"))) == 2


def test_readme_when_read_then_short_and_without_words_of_one_system():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("\n") < 150
    assert not re.search(
        r"\b(stat -c|sha256sum|grep -P|sed -i|readlink -f)\b", readme.first_steps()
    )


def test_readme_when_it_has_lines_to_paste_then_a_test_runs_them_or_make_knows_them():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    start, *steps, for_hub = blocks
    assert "\n".join(steps) == readme.first_steps()
    assert for_hub == readme.hub_lines()
    pasted = re.findall(r"^(?:make (\S+)(?: +#.*)?|.*)$", start.strip(), re.MULTILINE)
    named = re.findall(r"\bmake ([a-z][a-z0-9-]*)[`;]", text)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z0-9-]*):.*##", makefile, re.MULTILINE)
    assert pasted == ["demo", "run", "test"]
    assert len(named) > 10
    assert set(pasted) | set(named) <= set(targets)


def make(folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    command = ["make", f"VENV={folder / 'environment'}", f"PYTHON={python}", "run"]
    # The make that may run these tests hands its own variables down by these.
    inherited = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=ENDS_IN_S,
        check=False,
    )


def pretend(folder: Path, body: str) -> Path:
    """A program that stands for Python."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("version", ["(3, 10, 13)", "(3, 6, 15)", "(2, 7, 18)"])
def test_run_when_python_is_too_old_then_one_sentence_and_no_environment(tmp_path, version):
    old = pretend(
        tmp_path,
        f"""exec {sys.executable} -c "import sys; sys.version_info = {version}; exec('''$2''')" """,
    )
    done = make(tmp_path, old)
    assert done.returncode != 0
    first, *others = done.stderr.splitlines()
    assert first.startswith("The registry needs Python 3.11")
    assert "make run PYTHON=python3.12" in first
    assert all(each.startswith("make: ***") for each in others)
    assert not (tmp_path / "environment").exists()


def test_run_when_an_environment_broke_off_then_it_is_made_anew(tmp_path):
    half = tmp_path / "environment"
    (half / "bin").mkdir(parents=True)
    (half / "bin" / "python").symlink_to(sys.executable)
    asked = tmp_path / "asked"
    spy = pretend(tmp_path, f'case "$*" in *venv*) echo "$*" > {asked}; exit 1;; esac')
    make(tmp_path, spy)
    assert asked.read_text().split() == ["-m", "venv", "--clear", str(half)]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eighty", "it must be a whole number"),
        ("PORT", "65536", "it must be a whole number"),
        ("REGISTRY_DATA_DIR", "/proc/nowhere", "it must name a folder that can be written to"),
        ("REGISTRY_DATA_DIR", "FILE/below", "it must name a folder that can be written to"),
    ],
)
def test_serve_when_it_cannot_start_then_one_sentence_names_the_variable(
    tmp_path, name, value, told
):
    file = tmp_path / "file"
    file.touch()
    settings = {"PORT": "0", "REGISTRY_DATA_DIR": str(tmp_path / "data")}
    settings |= {name: value.replace("FILE", str(file))}
    kept = {key: each for key, each in os.environ.items() if not key.startswith("DJANGO_")}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=ENDS_IN_S,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"{name} is ")
    assert told in done.stderr
