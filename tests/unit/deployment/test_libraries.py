import subprocess

import pytest

from deployment import libraries
from deployment.steps import DeploymentFailed


@pytest.fixture
def pip(monkeypatch, tmp_path):
    """Stands in for pip: notes what it is asked, and leaves a library and what is not shipped."""

    class Pip:
        asked = []
        returncode = 0

        def run(self, command, *, check):
            self.asked.append(command)
            target = command[command.index("--target") + 1]
            folder = tmp_path.joinpath(target, "library")
            folder.joinpath("tests").mkdir(parents=True)
            folder.joinpath("__init__.py").write_text("ANSWER = 42\n", encoding="utf-8")
            folder.joinpath("tests", "test_it.py").touch()
            return subprocess.CompletedProcess(command, self.returncode)

    pip = Pip()
    pip.asked = []
    monkeypatch.setattr(subprocess, "run", pip.run)
    monkeypatch.setattr(libraries, "BUILD", tmp_path / "build")
    return pip


def test_libraries_when_first_needed_then_from_the_lock_alone_for_lambdas_linux(pip):
    folder = libraries.locate_packages(libraries.provide_libraries())
    assert {path.name for path in folder.joinpath("library").iterdir()} == {
        "__init__.py",
        "__pycache__",
    }
    (command,) = pip.asked
    assert {"--require-hashes", "--no-deps", "--only-binary", "manylinux_2_34_x86_64"} <= set(
        command
    )
    assert "manylinux_2_35_x86_64" not in command
    assert [word for word in command if word.endswith(".txt")] == [str(libraries.LOCK)]


def test_libraries_when_needed_again_then_taken_from_where_they_are(pip):
    assert libraries.provide_libraries() == libraries.provide_libraries()
    assert len(pip.asked) == 1


def test_libraries_when_the_lock_changes_then_installed_anew(pip, monkeypatch, tmp_path):
    first = libraries.provide_libraries()
    lock = tmp_path / "run.txt"
    lock.write_text("library==2\n", encoding="utf-8")
    monkeypatch.setattr(libraries, "LOCK", lock)
    assert libraries.provide_libraries() != first
    assert len(pip.asked) == 2


def test_libraries_when_pip_fails_then_nothing_is_kept(pip):
    pip.returncode = 1
    with pytest.raises(DeploymentFailed, match="pip"):
        libraries.provide_libraries()
    assert list(libraries.BUILD.iterdir()) == []
