"""The hooks of `.pre-commit-config.yaml`, run in a copy of the tree and without a network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / ".pre-commit-config.yaml"
# Languages whose hooks need nothing to be installed.
OFFLINE = {"unsupported", "pygrep"}
NOBODY = "http://127.0.0.1:9"
# Hook -> a file that it refuses.
CASES = [
    ("ruff-rules", "artifacts/new.py", "import os\n"),
    ("ruff-format", "artifacts/new.py", "x  =  1\n"),
    ("bandit", "artifacts/new.py", "import pickle\npickle.loads(b'')\n"),
    ("spelling", "docs/new.md", "It will be " + "recie" + "ved.\n"),
    ("conflict-markers", "docs/new.md", "<" * 7 + " HEAD\n"),
    ("blanks", "docs/new.md", "Two blanks  \n"),
    ("private-keys", "docs/new.md", "-----BEGIN RSA " + "PRIVATE KEY-----\n"),
    ("renovate", "renovate.json", '{"schedule": 1}\n'),
    ("issue-forms", ".github/ISSUE_TEMPLATE/new.yml", "name: New\n"),
    ("issue-config", ".github/ISSUE_TEMPLATE/config.yml", "blank_issues_enabled: 3\n"),
]
SHORT, LONG = "Say it shortly", "x" * 72


def hooks() -> list[dict]:
    [local] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"]
    assert local["repo"] == "local"
    return local["hooks"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """What git knows of the tree, as one that nobody else works in; `.venv` is this environment."""
    folder = tmp_path_factory.mktemp("hooks") / "tree"
    listed = git(ROOT, "ls-files", "-z")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    return folder


def git(folder, *words):
    return subprocess.run(
        ["git", *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def run(tree, *words):
    """Run pre-commit; its exit code and what it printed."""
    home = tree.parent
    ended = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color=never", *words],
        cwd=tree,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PRE_COMMIT_HOME": str(home / "kept"),
            "HTTPS_PROXY": NOBODY,
            "HTTP_PROXY": NOBODY,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_hooks_when_read_then_none_needs_an_installation():
    assert len(hooks()) > 10
    assert {each["language"] for each in hooks()} <= OFFLINE


def test_hooks_before_a_push_then_they_are_targets_of_the_makefile():
    [pushed] = [each for each in hooks() if each.get("stages") == ["pre-push"]]
    make, *targets = pushed["entry"].split()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert make == "make"
    assert targets
    assert [each for each in targets if f"\n{each}:" not in makefile] == []


@pytest.mark.slow
def test_hooks_when_run_over_all_files_then_all_is_well_and_nothing_changes(tree):
    status, said = run(tree, "--all-files")
    assert status == 0, said
    expected = [each["name"] for each in hooks() if "stages" not in each]
    assert [name for name in expected if f"{name}..." not in said] == []
    assert "(no files to check)" not in said
    assert git(tree, "diff", "--stat") == ""


@pytest.mark.slow
@pytest.mark.parametrize(("hook", "name", "text"), CASES)
def test_hook_when_a_file_is_wrong_then_it_fails(tree, hook, name, text):
    path = tree / name
    before = path.read_bytes() if path.exists() else None
    path.write_text(text, encoding="utf-8")
    git(tree, "add", name)
    try:
        status, said = run(tree, hook, "--files", name)
    finally:
        path.unlink() if before is None else path.write_bytes(before)
        git(tree, "add", "--all")
    assert status == 1, said


def test_hooks_when_they_look_at_files_then_each_was_seen_to_refuse_one():
    assert [hook for hook, *_ in CASES] == [each["id"] for each in hooks() if "stages" not in each]


@pytest.mark.slow
@pytest.mark.parametrize(("subject", "status"), [(SHORT, 0), (LONG, 1)])
def test_hook_when_a_message_is_written_then_its_subject_is_looked_at(tree, subject, status):
    message = tree.parent / "COMMIT_EDITMSG"
    message.write_text(f"{subject}\n\nAnd why.\n", encoding="utf-8")
    found, said = run(tree, "--hook-stage", "commit-msg", "--commit-msg-filename", str(message))
    assert found == status, said
