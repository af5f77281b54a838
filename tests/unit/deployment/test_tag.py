"""`make release`, in a repository of its own that holds what the command reads."""

import os
import shutil
import subprocess
import sys
from datetime import date

import pytest

from deployment.contents import ROOT
from deployment.steps import DeploymentFailed
from deployment.tag import read_notes, require_version
from registry_site.release import VERSION

NOTES = "\n\n### Added\n- Something that people see.\n"
CHANGELOG = f"# Changelog\n\n## {VERSION} (2026-12-01){NOTES}\n## 0.0.1 (2026-01-01)\n\n- Old.\n"


@pytest.fixture
def tree(tmp_path):
    """A commit that could be released."""
    shutil.copytree(ROOT / "deployment", tmp_path / "deployment")
    (tmp_path / "registry_site").mkdir()
    shutil.copy(ROOT / "registry_site" / "release.py", tmp_path / "registry_site")
    (tmp_path / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(folder, *words):
    return subprocess.run(
        ["git", "-c", "user.name=somebody", "-c", "user.email=@", *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "A change")


def release(folder):
    """Run the command; its exit code and what it printed."""
    names = {"GIT_COMMITTER_NAME": "somebody", "GIT_COMMITTER_EMAIL": "@"}
    ended = subprocess.run(
        [sys.executable, "-m", "deployment.tag"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), **names},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_release_when_all_is_well_then_the_commit_has_a_tag_with_the_notes(tree):
    status, said = release(tree)
    assert status == 0, said
    assert said.endswith(f"Next: git push origin v{VERSION}\n")
    assert git(tree, "rev-parse", f"v{VERSION}^{{commit}}") == git(tree, "rev-parse", "HEAD")
    told = git(tree, "tag", "--list", "--format=%(contents)", f"v{VERSION}")
    assert told == f"Release {VERSION} (2026-12-01){NOTES}".strip()


@pytest.mark.slow
def test_release_when_there_is_a_tag_already_then_refused(tree):
    release(tree)
    (tree / "more").write_text("", encoding="utf-8")
    commit(tree)
    status, said = release(tree)
    assert status == 1
    assert f"The tag v{VERSION} is there already." in said


def test_release_when_the_tree_has_changes_then_refused_and_they_are_named(tree):
    (tree / "forgotten.py").write_text("", encoding="utf-8")
    status, said = release(tree)
    assert status == 1
    assert "forgotten.py" in said
    assert git(tree, "tag") == ""


def test_release_when_it_is_no_checkout_then_refused(tree):
    shutil.rmtree(tree / ".git")
    status, said = release(tree)
    assert status == 1
    assert "This is no git checkout." in said


def test_release_when_the_version_is_on_its_way_then_no_tag(tree):
    file = tree / "registry_site" / "release.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f'"{VERSION}"', '"1.2.0.dev1"'), encoding="utf-8")
    commit(tree)
    status, said = release(tree)
    assert status == 1
    assert "1.2.0.dev1 is no version of a release." in said


def test_release_when_nothing_is_said_of_it_then_no_tag(tree):
    (tree / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    commit(tree)
    status, said = release(tree)
    assert status == 1
    assert "begins with no section" in said
    assert git(tree, "tag") == ""


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ("## 1.1.0 (2026-12-01)\n\n- B.\n\n## 1.2.0 (2026-12-02)\n\n- C.", "begins with 1.1.0"),
        ("## 1.2.0 (unreleased)\n\n- New.", "has no date, but .unreleased."),
        ("## 1.2.0\n\n- New.", "has no date, but nothing"),
        ("## 1.2.0 (2026-13-01)\n\n- New.", "has no date, but .2026-13-01."),
        ("## 1.2.0 (2026-12-01)\n\n## 1.1.0 (2026-11-01)\n\n- Old.", "is empty"),
    ],
)  # fmt: skip
def test_notes_when_the_section_is_not_ready_then_refused(section, reason):
    with pytest.raises(DeploymentFailed, match=reason):
        read_notes(f"# Changelog\n\n{section}\n", "1.2.0")


def test_notes_when_the_date_is_missing_then_the_line_to_write_is_told():
    with pytest.raises(DeploymentFailed) as caught:
        read_notes("# Changelog\n\n## 1.2.0 (unreleased)\n\n- New.\n", "1.2.0")
    assert caught.value.advice.endswith(f"## 1.2.0 ({date.today()})")  # noqa: DTZ011


@pytest.mark.parametrize(
    "version", ["1.2", "1.2.0.1", "1.2.0rc1", "1.2.0+local", "", "1..0", "\u0661.2.0"]
)
def test_version_when_it_is_not_three_numbers_then_refused(version):
    with pytest.raises(DeploymentFailed, match="no version of a release"):
        require_version(version)


def test_version_when_it_is_three_numbers_then_taken():
    require_version("12.0.3")
