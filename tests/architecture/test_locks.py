"""The lock files against what makes them and what renews them."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Each beside its lock, which npm writes.
JAVASCRIPT = tuple(
    ROOT / folder / "package.json"
    for folder in ("requirements/javascript", "tests/browser", "tests/hub_clients")
)
# What is tried has to be what runs, and what is packed what was tried.
IN_STEP = (("run", "test"), ("run", "deploy"), ("run", "own"))


def pins_of(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", text, re.MULTILINE))


def commands() -> dict[str, str]:
    """File -> the command that `make lock` gives for it."""
    said = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "lock"],  # noqa: S607
        cwd=ROOT,
        # Without what a make around this test would hand on.
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {line.rpartition("/")[2]: line for line in said.splitlines()}


def test_locks_when_counted_then_make_lock_writes_each():
    assert len(LOCKS) > 5
    assert sorted(commands()) == [path.name for path in LOCKS]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_when_read_then_its_head_has_its_command(path):
    command = commands()[path.name].replace(" --quiet", "")
    head = path.read_text(encoding="utf-8").splitlines()[1]
    assert head == f"#    {command}"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_when_read_then_each_pin_has_its_hashes_and_nothing_an_address(path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^\S+==.*(?:\n    --hash=.*)*", text, re.MULTILINE)
    assert pins
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("path", JAVASCRIPT, ids=lambda path: path.parent.name)
def test_lock_of_npm_when_read_then_all_has_a_digest_and_nothing_an_address(path):
    text = path.with_name("package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    # Where authors take donations; nothing is fetched from there.
    told = [{**each, "funding": None} for each in packages.values()]
    assert "://" not in json.dumps(told)
    # The first is the folder itself.
    assert [name for name, each in packages.items() if name and "integrity" not in each] == []
    assert len(packages) > 1


@pytest.mark.parametrize(("one", "other"), IN_STEP)
def test_locks_when_two_hold_the_same_library_then_the_same_release(one, other):
    first, second = pins_of(one), pins_of(other)
    shared = first.keys() & second.keys()
    assert shared
    assert {name: first[name] for name in shared} == {name: second[name] for name in shared}


def test_renovate_when_it_looks_for_lock_files_then_it_finds_each_once():
    renovate = json.loads((ROOT / "renovate.json").read_text(encoding="utf-8"))
    found = [
        path
        for manager in renovate["enabledManagers"]
        for pattern in renovate[manager]["managerFilePatterns"]
        for path in (*LOCKS, *JAVASCRIPT)
        if re.search(pattern.strip("/"), str(path.relative_to(ROOT)))
    ]
    assert sorted(found) == sorted((*LOCKS, *JAVASCRIPT))


def test_renovate_when_a_lock_waits_for_another_then_that_is_renewed_first():
    # It renews them in the order of their names.
    for name, command in commands().items():
        waits_for = re.findall(r"--constraints=requirements/(\S+)", command)
        assert [each for each in waits_for if each > name] == []
